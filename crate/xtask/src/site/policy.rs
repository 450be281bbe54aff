//! The content security policy of the page: nothing from elsewhere, and no script that was not built here.
//!
//! It stands in the page, for no static host can be told to send it. A worker takes none from its page: what runs there is kept
//! to this site by being one of its files.

use anyhow::{Context, Result, bail};
use data_encoding::BASE64;
use regex_lite::Regex;

use super::sha256;
use crate::workspace::Workspace;

/// The policy, one row a directive. What is not named is forbidden.
const DIRECTIVES: &[(&str, &str)] = &[
    ("default-src", "'none'"),
    // The hashes of inline scripts follow: Trunk starts the page from one.
    ("script-src", "'self' 'wasm-unsafe-eval'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data: blob:"),
    ("connect-src", "'self'"),
    ("worker-src", "'self'"),
    ("manifest-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'none'"),
];

/// Behind this the policy is written; what stands before a policy is not under it.
const CHARSET: &str = r#"<meta charset="utf-8" />"#;

/// Writes the policy into index.html.
pub fn write(workspace: &Workspace) -> Result<()> {
    let path = workspace.dist.join("index.html");
    let page = with_policy(&super::read(&path)?).context("the content security policy of index.html")?;
    super::write(&path, &page)
}

fn with_policy(page: &str) -> Result<String> {
    if let Some(found) = Regex::new(r#"<[a-z][^<>]*\s(?:style|on[a-z]+)="[^"]*""#)?.find(page) {
        bail!("a policy that is worth something forbids `{}`: use a class or a script", found.as_str());
    }
    let Some((before, after)) = page.split_once(CHARSET) else {
        bail!("there is no {CHARSET} to write it behind");
    };
    let policy = policy(&inline_scripts(page)?);
    Ok(format!("{before}{CHARSET}\n    <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\" />{after}"))
}

fn policy(inline_scripts: &[&str]) -> String {
    let rows = DIRECTIVES.iter().map(|(name, sources)| {
        let scripts = if *name == "script-src" { inline_scripts } else { &[] };
        let hashes = scripts.iter().map(|script| format!(" 'sha256-{}'", BASE64.encode(&sha256(script.as_bytes()))));
        format!("{name} {sources}{}", hashes.collect::<String>())
    });
    rows.collect::<Vec<_>>().join("; ")
}

/// What stands between the tags of every script that has no address.
fn inline_scripts(page: &str) -> Result<Vec<&str>> {
    let scripts = Regex::new(r"(?s)<script\b([^>]*)>(.*?)</script>")?;
    let found = scripts.captures_iter(page).filter_map(|script| Some((script.get(1)?.as_str(), script.get(2)?.as_str())));
    Ok(found.filter(|(attributes, _)| !attributes.contains("src=")).map(|(_, body)| body).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = concat!(
        "<!doctype html>\n<head>\n    <meta charset=\"utf-8\" />\n",
        "<script src=\"boot.js\" defer></script>\n<script type=\"module\">alert('Hello, world.');</script>\n</head>",
    );

    #[test]
    fn the_hash_is_the_one_that_browsers_take() {
        // From the specification: https://www.w3.org/TR/CSP3/#external-hash
        assert_eq!(inline_scripts(PAGE).unwrap(), ["alert('Hello, world.');"]);
        assert!(policy(&["alert('Hello, world.');"]).contains("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"));
    }

    #[test]
    fn the_policy_stands_before_every_script_and_all_else_stays() {
        let page = with_policy(PAGE).unwrap();
        let (policy, script) = (page.find("Content-Security-Policy"), page.find("<script"));
        assert!(policy.is_some() && policy < script);
        let line = page.lines().find(|line| line.contains("Content-Security-Policy")).unwrap();
        assert_eq!(page.replace(&format!("{line}\n"), ""), PAGE);
        assert!(!line.contains("unsafe-inline") && !line.contains("'unsafe-eval'"), "{line}");
    }

    #[test]
    fn what_the_policy_would_block_is_refused() {
        for body in [r#"<p class="a" style="top: 0">"#, r#"<body onload="start()">"#] {
            assert!(with_policy(&format!("{PAGE}{body}")).is_err(), "{body}");
        }
        assert!(with_policy("<head></head>").is_err(), "nowhere to put it");
    }
}

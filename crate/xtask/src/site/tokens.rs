//! Colours where no stylesheet reaches: `light(--name)` and `dark(--name)` become what tokens.css says of `--name`.

use anyhow::{Context, Result};
use regex_lite::{Captures, Regex};

use crate::workspace::Workspace;

/// The files of the site that name tokens.
const FILES: &[&str] = &["index.html", "manifest.webmanifest"];

/// Writes the colours into [`FILES`].
pub fn write(workspace: &Workspace) -> Result<()> {
    let tokens = super::read(&workspace.root.join("www/style/tokens.css"))?;
    for name in FILES {
        let path = workspace.dist.join(name);
        let text = with_colours(&super::read(&path)?, &tokens).with_context(|| format!("the colours of {name}"))?;
        super::write(&path, &text)?;
    }
    Ok(())
}

fn with_colours(text: &str, tokens: &str) -> Result<String> {
    let named = Regex::new(r"\b(light|dark)\((--[a-z0-9-]+)\)")?;
    if let Some(missing) = named.captures_iter(text).find(|found| colour(tokens, found).is_none()) {
        anyhow::bail!("tokens.css has no `{}: light-dark(…, …)`", &missing[2]);
    }
    Ok(named.replace_all(text, |found: &Captures<'_>| colour(tokens, found).unwrap_or_default()).into_owned())
}

/// One side of a token's `light-dark(…, …)`.
fn colour<'a>(tokens: &'a str, named: &Captures<'_>) -> Option<&'a str> {
    let (_, rest) = tokens.split_once(&format!(" {}: light-dark(", &named[2]))?;
    let (light, dark) = rest.split_once(')')?.0.split_once(',')?;
    Some(if &named[1] == "light" { light.trim() } else { dark.trim() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: &str = ":root {\n  --ink: light-dark(#111111, #eeeeee);\n  --ink-muted: light-dark(#222222, #dddddd);\n  --wide: 3px;\n}";

    #[test]
    fn each_side_is_written_and_all_else_stays() {
        let text = r#"content="light(--ink)" "dark(--ink-muted)" lights(--ink) light(ink)"#;
        let expected = r##"content="#111111" "#dddddd" lights(--ink) light(ink)"##;
        assert_eq!(with_colours(text, TOKENS).unwrap(), expected);
    }

    #[test]
    fn a_token_that_is_no_colour_is_named() {
        for name in ["--nothing", "--wide"] {
            let error = with_colours(&format!("light({name})"), TOKENS).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}

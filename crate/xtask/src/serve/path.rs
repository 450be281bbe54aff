//! Which file a path means: one that lies in the site, or none.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

/// The file below `dist` (a canonical path) that the path of a request means: a folder means its index.html. None where there is no such
/// file, where the path could lead outside, or where a link does.
pub fn find(dist: &Path, path: &str) -> Option<PathBuf> {
    let mut file = dist.join(safe(path)?);
    if file.is_dir() {
        file.push("index.html");
    }
    let file = file.canonicalize().ok()?;
    (file.starts_with(dist) && file.is_file()).then_some(file)
}

/// The path below the site, if each of its parts is an ordinary file name. Decoded once, before the parts are looked at, so that `%2e%2e`
/// is seen for what it is.
fn safe(path: &str) -> Option<String> {
    let is_complete = |encoded: &str| encoded.get(..2).is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    if !path.split('%').skip(1).all(is_complete) {
        return None;
    }
    let path = percent_decode_str(path.strip_prefix('/')?).decode_utf8().ok()?;
    let is_ordinary = |part: &str| {
        // `.` and `..` among them, and every hidden file.
        !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0'])
    };
    let parts = path.strip_suffix('/').unwrap_or(&path);
    (parts.is_empty() || parts.split('/').all(is_ordinary)).then(|| path.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn paths_lead_below_the_site_or_nowhere() {
        for (target, expected) in [
            ("/", Some("")),
            ("/index.html", Some("index.html")),
            ("/style/", Some("style/")),
            ("/a%20b.txt", Some("a b.txt")),
            ("/gr%C3%BC%C3%9Fe", Some("grüße")),
            ("/../secret", None),
            ("/style/../../secret", None),
            ("/%2e%2e/secret", None),
            ("/%2E%2E%2Fsecret", None),
            ("/%252e%252e/secret", Some("%2e%2e/secret")),
            ("/..%5csecret", None),
            ("//etc/passwd", None),
            ("/C:/secret", None),
            ("/.git/config", None),
            ("/nul%00", None),
            ("/half%2", None),
            ("/half%", None),
            ("/half%zz", None),
            ("/%ff", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(safe(target).as_deref(), expected, "{target}");
        }
    }

    #[test]
    fn folders_answer_with_their_index_and_missing_files_do_not_answer() {
        let scratch = Scratch::new("path");
        scratch.write("dist/about/index.html", "about");
        let dist = scratch.path().join("dist");
        assert_eq!(find(&dist, "/about/"), Some(dist.join("about/index.html")));
        assert_eq!(find(&dist, "/about"), Some(dist.join("about/index.html")));
        assert_eq!(find(&dist, "/missing.js"), None);
        assert_eq!(find(&dist, "/"), None, "there is no index.html at the top");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_outside_is_not_followed() {
        let scratch = Scratch::new("link");
        scratch.write("dist/index.html", "page");
        scratch.write("secret", "not yours");
        let dist = scratch.path().join("dist");
        std::os::unix::fs::symlink(scratch.path().join("secret"), dist.join("door")).unwrap();
        assert_eq!(find(&dist, "/door"), None);
    }
}

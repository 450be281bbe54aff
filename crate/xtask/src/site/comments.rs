//! The comments of index.html and of the script in it are for people who read the sources: nobody waits for them before the page is seen.

use anyhow::Result;
use regex_lite::Regex;

use crate::workspace::Workspace;

/// Takes them out of dist/index.html.
pub fn write(workspace: &Workspace) -> Result<()> {
    let path = workspace.dist.join("index.html");
    super::write(&path, &without_comments(&super::read(&path)?)?)
}

fn without_comments(page: &str) -> Result<String> {
    let markup = Regex::new(r"(?s)[ \t]*<!--.*?-->\n?")?;
    // Whole lines only: what looks like a comment within a line may be text.
    let script = Regex::new(r"(?m)^[ \t]*(?://.*|/\*\*.*\*/)\n")?;
    Ok(script.replace_all(&markup.replace_all(page, ""), "").into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_all_else_stays() {
        let page = "<!doctype html>\n<!-- Over\n two lines. -->\n<p>a // b</p>\n  <!-- One. -->\n<script>// Of the file.\n\n  // Whole.\n  /** Whole. */\n  say(\"// no comment\"); // behind\n</script>\n";
        let left = "<!doctype html>\n<p>a // b</p>\n<script>// Of the file.\n\n  say(\"// no comment\"); // behind\n</script>\n";
        assert_eq!(without_comments(page).unwrap(), left);
    }
}

//! The picture that stands beside a shared link: who shows one asks for it by its whole address, which only whoever publishes knows.

use anyhow::{Result, bail};

use super::service_worker;
use crate::workspace::Workspace;

/// Writes the address of a site, which ends with `/`, before the name of its picture.
pub fn name_address(site: &Workspace, address: &str) -> Result<()> {
    let file = site.dist.join("index.html");
    let page = super::read(&file)?;
    let picture = |address: &str| format!("<meta property=\"og:image\" content=\"{address}preview.png\"");
    if page.matches(&picture("")).count() != 1 {
        bail!("{} has no `{}`", file.display(), picture(""));
    }
    super::write(&file, &page.replace(&picture(""), &picture(address)))?;
    // It holds the digest of every file.
    service_worker::write(site)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn the_address_stands_before_the_preview_and_in_the_digests() {
        let scratch = Scratch::new("address");
        let workspace = scratch.workspace();
        scratch.write("www/service-worker.js", include_str!("../../../../www/service-worker.js"));
        let index = include_str!("../../../../index.html");
        scratch.write("dist/index.html", index);
        service_worker::write(&workspace).unwrap();
        let worker = workspace.dist.join(service_worker::NAME);
        let before = crate::site::read(&worker).unwrap();
        name_address(&workspace, "https://example.org/glasses/").unwrap();
        let page = crate::site::read(&workspace.dist.join("index.html")).unwrap();
        assert_eq!(page.replace("https://example.org/glasses/preview.png", "preview.png"), index);
        assert_ne!(page, index);
        assert_ne!(crate::site::read(&worker).unwrap(), before);
        assert!(name_address(&workspace, "https://example.org/").unwrap_err().to_string().contains("has no"), "it is written once");
    }
}

//! Pinned curves: experiments whose distances are drawn beside those of the one that is asked.

use serde::{Deserialize, Serialize};

/// The links of some experiments, in the order in which they were pinned. [`crate::open::pin`] writes one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned(Vec<String>);

impl Pinned {
    /// More curves could not be told apart.
    pub const MOST: usize = 4;

    /// What stands between two links: no link holds it.
    const BETWEEN: char = '|';

    /// Reads what [`Pinned::write`] writes; none if that is not it, or of too many.
    pub fn read(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let links: Vec<String> = text.split(Self::BETWEEN).map(str::to_owned).collect();
        let are_links = links.iter().all(|link| link == "v=1" || link.starts_with("v=1&"));
        (are_links && links.len() <= Self::MOST).then_some(Self(links))
    }

    /// The links in a row.
    pub fn write(&self) -> String {
        self.0.join(&Self::BETWEEN.to_string())
    }

    /// The links.
    pub fn links(&self) -> &[String] {
        &self.0
    }

    /// Whether it is pinned, or can be.
    pub fn takes(&self, link: &str) -> bool {
        self.holds(link) || (self.0.len() < Self::MOST && !link.contains(Self::BETWEEN))
    }

    /// Whether it is pinned.
    pub fn holds(&self, link: &str) -> bool {
        self.0.iter().any(|pinned| pinned == link)
    }

    /// Pins one more, where it is not pinned and there is room; says whether it is pinned now.
    pub fn pin(&mut self, link: &str) -> bool {
        let takes = self.takes(link);
        if takes && !self.holds(link) {
            self.0.push(link.into());
        }
        takes
    }

    /// Lets one go.
    pub fn unpin(&mut self, link: &str) {
        self.0.retain(|pinned| pinned != link);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        let mut pinned = Pinned::default();
        assert_eq!(Pinned::read(&pinned.write()), Some(pinned.clone()));
        for link in ["v=1", "v=1&pos=rotary", "v=1&pos=alibi", "v=1&d=32"] {
            assert!(pinned.pin(link));
            assert_eq!(Pinned::read(&pinned.write()), Some(pinned.clone()));
        }
        assert!(pinned.pin("v=1") && !pinned.pin("v=1&d=16"), "one that is pinned stays, and a fifth has no room");
        assert_eq!(pinned.links().len(), Pinned::MOST);
        for text in ["pos=rotary", "v=1|", "|", "v=1|v=1|v=1|v=1|v=1", "v=12"] {
            assert_eq!(Pinned::read(text), None, "{text}");
        }
        pinned.unpin("v=1");
        assert_eq!(pinned.write(), "v=1&pos=rotary|v=1&pos=alibi|v=1&d=32");
    }
}

//! Where files are kept: in the browser for as long as it keeps any, and otherwise in memory, with the reason.
//!
//! What can't be written is not lost: it stays in memory, is tried again with the next write, and the page is told to hold it too, so
//! that it outlives this worker. No browser is in here; `idb` is the one that a browser has.

#[cfg(target_arch = "wasm32")]
pub mod idb;
#[cfg(test)]
mod tests;

use glasses_contract::Sentence;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// A file to be written, or to be removed where it has no bytes.
pub type Change = (String, Option<Vec<u8>>);

/// Why a browser does not keep a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// It said no: it may say yes to the next one.
    Once(Sentence),
    /// It did not answer, or keeps nothing at all: it is not asked again.
    ForGood(Sentence),
}

/// Files by name that outlive the page.
pub trait Backing {
    /// Reads a file; none where there is none of this name.
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Refusal>;
    /// The names of all files.
    async fn names(&self) -> Result<Vec<String>, Refusal>;
    /// Makes all of these changes, or none.
    async fn change(&self, changes: &[Change]) -> Result<(), Refusal>;
    /// Writes what `next` makes of a file, if it makes anything of it, with no other tab in between. Says whether it did.
    async fn update(&self, name: &str, next: impl FnOnce(Option<&[u8]>) -> Option<Vec<u8>> + 'static) -> Result<bool, Refusal>;
}

/// What a store tells.
#[derive(Debug, PartialEq)]
pub enum Told {
    /// Nothing more is kept, and why; or all is kept again.
    Keeping(Option<Sentence>),
    /// A file is in memory only, or need not be any longer.
    Held(Change),
}

/// Files in the browser, or in memory.
pub struct Store<B> {
    backing: B,
    /// What the backing did not take. A file without bytes was removed, and the backing may still have it.
    memory: RefCell<BTreeMap<String, Option<Vec<u8>>>>,
    fault: RefCell<Option<Sentence>>,
    /// The backing is not asked again. So it is after a file could not be read: whatever is written then could take the place of one that
    /// is there.
    is_closed: Cell<bool>,
    tell: Box<dyn Fn(Told)>,
}

impl<B: Backing> Store<B> {
    /// A store that calls back with what the page must know.
    pub fn new(backing: B, tell: impl Fn(Told) + 'static) -> Self {
        Self { backing, memory: RefCell::default(), fault: RefCell::default(), is_closed: Cell::new(false), tell: Box::new(tell) }
    }

    /// Takes back what the page held of an earlier store.
    pub fn restore(&self, files: Vec<(String, Vec<u8>)>) {
        self.memory.borrow_mut().extend(files.into_iter().map(|(name, bytes)| (name, Some(bytes))));
    }

    /// Tries to give the browser what is in memory.
    pub async fn flush(&self) {
        if !self.memory.borrow().is_empty() {
            self.change(Vec::new()).await;
        }
    }

    /// Reads a file; none where there is none, or where the browser gives none.
    pub async fn read(&self, name: &str) -> Option<Vec<u8>> {
        if let Some(held) = self.memory.borrow().get(name) {
            return held.clone();
        }
        if self.is_closed.get() {
            return None;
        }
        let read = self.backing.read(name).await;
        read.map_err(|refusal| self.close(refusal)).ok().flatten()
    }

    /// The names of all files that begin like this.
    pub async fn names(&self, prefix: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        if !self.is_closed.get() {
            match self.backing.names().await {
                Ok(found) => names.extend(found),
                Err(refusal) => self.close(refusal),
            }
        }
        for (name, bytes) in self.memory.borrow().iter() {
            match bytes {
                Some(_) => names.insert(name.clone()),
                None => names.remove(name),
            };
        }
        names.into_iter().filter(|name| name.starts_with(prefix)).collect()
    }

    /// Makes all of these changes in the browser, or else in memory.
    pub async fn change(&self, changes: Vec<Change>) {
        // What is in memory goes along: once the browser keeps files again, it keeps these too.
        let mut all = self.memory.borrow().clone();
        all.extend(changes.iter().cloned());
        let refusal = if self.is_closed.get() {
            None
        } else {
            let all: Vec<Change> = all.into_iter().collect();
            match self.backing.change(&all).await {
                Ok(()) => return self.is_kept(&all),
                Err(refusal) => Some(refusal),
            }
        };
        for (name, bytes) in changes {
            (self.tell)(Told::Held((name.clone(), bytes.clone())));
            self.memory.borrow_mut().insert(name, bytes);
        }
        match refusal {
            Some(Refusal::Once(why)) => self.say(Some(why)),
            Some(refusal) => self.close(refusal),
            None => {}
        }
    }

    /// Writes what `next` makes of a file, if it makes anything of it. Says whether it did. What nobody else sees is not updated: where the
    /// browser keeps nothing there is no other tab.
    pub async fn update(&self, name: &str, next: impl FnOnce(Option<&[u8]>) -> Option<Vec<u8>> + 'static) -> bool {
        if self.is_closed.get() {
            return true;
        }
        match self.backing.update(name, next).await {
            Ok(is_written) => is_written,
            Err(Refusal::Once(_)) => true,
            Err(refusal) => {
                self.close(refusal);
                true
            }
        }
    }

    /// Why nothing more is kept in the browser, where that is so.
    pub fn fault(&self) -> Option<Sentence> {
        self.fault.borrow().clone()
    }

    fn is_kept(&self, changes: &[Change]) {
        for (name, bytes) in changes {
            // A newer change of the same file may have come into memory meanwhile.
            let was_held = self.memory.borrow().get(name) == Some(bytes);
            if was_held {
                self.memory.borrow_mut().remove(name);
                (self.tell)(Told::Held((name.clone(), None)));
            }
        }
        self.say(None);
    }

    fn close(&self, refusal: Refusal) {
        let (Refusal::Once(why) | Refusal::ForGood(why)) = refusal;
        self.is_closed.set(true);
        self.say(Some(why));
    }

    fn say(&self, fault: Option<Sentence>) {
        let before = self.fault.replace(fault.clone());
        if before != fault {
            (self.tell)(Told::Keeping(fault));
        }
    }
}

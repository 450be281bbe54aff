//! What becomes of a request that arrives: some are done at once, some beside what is under way, and of the others the newest wins.

use glasses_contract::message::{Command, Request};
use std::cell::{Cell, RefCell};

/// A queue of one.
#[derive(Default)]
pub struct Inbox {
    waiting: RefCell<Option<Request>>,
    newest_id: Cell<u64>,
}

/// Where a request goes.
#[derive(Debug, PartialEq)]
pub enum Sorted {
    /// Holding a file, before whatever the page asks next.
    Hold(Vec<u8>),
    /// Restoring files, before whatever the page asks next.
    Restore(Vec<(String, Vec<u8>)>),
    /// Concurrently with what is under way, and without stopping it.
    Aside(Request),
    /// It waits, in the place of one that waited, and stops what is under way.
    Waits,
}

impl Inbox {
    /// Takes a request in.
    pub fn sort(&self, request: Request) -> Sorted {
        match request {
            Request { command: Command::Hold { file }, .. } => Sorted::Hold(file),
            Request { command: Command::Restore { files }, .. } => Sorted::Restore(files),
            request if request.command.is_concurrent() => Sorted::Aside(request),
            request => {
                self.newest_id.set(request.id);
                self.waiting.replace(Some(request));
                Sorted::Waits
            }
        }
    }

    /// The request that waits.
    pub fn take(&self) -> Option<Request> {
        self.waiting.take()
    }

    /// Whether nothing newer than this request asks for the engine.
    pub fn is_newest(&self, id: u64) -> bool {
        self.newest_id.get() == id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::{Experiment, admit};

    fn request(id: u64, command: Command) -> Request {
        Request { id, command }
    }

    fn answer(id: u64) -> Request {
        request(id, Command::Answer { config: Box::new(admit(Experiment::default()).0), questions: vec![] })
    }

    #[test]
    fn the_newest_wins() {
        let inbox = Inbox::default();
        assert_eq!(inbox.sort(answer(1)), Sorted::Waits);
        assert_eq!(inbox.take().map(|request| request.id), Some(1));
        assert!(inbox.is_newest(1), "it is under way");
        assert_eq!(inbox.sort(answer(2)), Sorted::Waits);
        assert!(!inbox.is_newest(1), "the one under way has to stop");
        assert_eq!(inbox.sort(request(3, Command::Cancel)), Sorted::Waits);
        assert_eq!(inbox.take(), Some(request(3, Command::Cancel)));
        assert_eq!(inbox.take(), None, "the second one was superseded before it began");
    }

    #[test]
    fn what_goes_beside_stops_nothing() {
        let inbox = Inbox::default();
        inbox.sort(answer(1));
        for command in [Command::SaveModel, Command::Use { link: "v=1".into() }, Command::LoadSaved { link: "v=1".into(), own: true }] {
            let aside = request(2, command);
            assert_eq!(inbox.sort(aside.clone()), Sorted::Aside(aside));
        }
        assert_eq!(inbox.sort(request(3, Command::Hold { file: vec![7] })), Sorted::Hold(vec![7]));
        let files = vec![("run".to_owned(), vec![8])];
        assert_eq!(inbox.sort(request(4, Command::Restore { files: files.clone() })), Sorted::Restore(files));
        assert!(inbox.is_newest(1));
        assert_eq!(inbox.take().map(|request| request.id), Some(1));
    }
}

//! The store over browsers made of nothing: what it keeps, what it holds, and what it says.

use super::*;
use pollster::block_on;
use std::rc::Rc;

/// A browser that keeps files in a map, unless it refuses.
#[derive(Clone, Default)]
struct Browser {
    files: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
    refuses_reading: Rc<RefCell<Option<Refusal>>>,
    refuses_writing: Rc<RefCell<Option<Refusal>>>,
    asked: Rc<Cell<usize>>,
}

impl Browser {
    fn answer<T>(&self, refusal: &RefCell<Option<Refusal>>, answer: impl FnOnce() -> T) -> Result<T, Refusal> {
        self.asked.set(self.asked.get() + 1);
        refusal.borrow().clone().map_or_else(|| Ok(answer()), Err)
    }
}

impl Backing for Browser {
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        self.answer(&self.refuses_reading, || self.files.borrow().get(name).cloned())
    }

    async fn names(&self) -> Result<Vec<String>, Refusal> {
        self.answer(&self.refuses_reading, || self.files.borrow().keys().cloned().collect())
    }

    async fn change(&self, changes: &[Change]) -> Result<(), Refusal> {
        self.answer(&self.refuses_writing, || {
            for (name, bytes) in changes {
                match bytes {
                    Some(bytes) => self.files.borrow_mut().insert(name.clone(), bytes.clone()),
                    None => self.files.borrow_mut().remove(name),
                };
            }
        })
    }

    async fn update(&self, name: &str, next: impl FnOnce(Option<&[u8]>) -> Option<Vec<u8>> + 'static) -> Result<bool, Refusal> {
        let next = next(self.files.borrow().get(name).map(Vec::as_slice));
        let changes: Vec<Change> = next.into_iter().map(|bytes| (name.to_string(), Some(bytes))).collect();
        self.change(&changes).await.map(|()| !changes.is_empty())
    }
}

/// A store and all that it told.
fn store(browser: &Browser) -> (Store<Browser>, Rc<RefCell<Vec<Told>>>) {
    let told = Rc::new(RefCell::new(Vec::new()));
    let heard = told.clone();
    (Store::new(browser.clone(), move |say| heard.borrow_mut().push(say)), told)
}

fn file(name: &str, byte: u8) -> Change {
    (name.into(), Some(vec![byte]))
}

#[test]
fn what_the_browser_keeps_is_in_the_browser_alone() {
    let browser = Browser::default();
    let (store, told) = store(&browser);
    block_on(store.change(vec![file("run:a", 1), file("own", 2)]));
    assert_eq!(browser.files.borrow().len(), 2);
    assert_eq!(block_on(store.read("run:a")), Some(vec![1]));
    assert_eq!(block_on(store.names("run:")), ["run:a"]);
    assert!(told.borrow().is_empty() && store.memory.borrow().is_empty());
}

#[test]
fn what_it_refuses_to_write_is_held_until_it_does_not() {
    let browser = Browser::default();
    let (store, told) = store(&browser);
    block_on(store.change(vec![file("run:old", 9)]));
    *browser.refuses_writing.borrow_mut() = Some(Refusal::Once(Sentence::verbatim("full")));
    block_on(store.change(vec![file("run:a", 1), ("run:old".into(), None)]));
    assert_eq!(
        *told.borrow(),
        [Told::Held(file("run:a", 1)), Told::Held(("run:old".into(), None)), Told::Keeping(Some(Sentence::verbatim("full")))]
    );
    assert_eq!(block_on(store.read("run:a")), Some(vec![1]));
    assert_eq!(block_on(store.read("run:old")), None, "it was removed, though the browser still has it");
    assert_eq!(block_on(store.names("run:")), ["run:a"]);
    block_on(store.change(vec![file("run:a", 2)]));
    assert_eq!(told.borrow().len(), 4, "that nothing is kept is said once: {told:?}");

    *browser.refuses_writing.borrow_mut() = None;
    told.borrow_mut().clear();
    block_on(store.change(vec![file("own", 3)]));
    assert_eq!(
        browser.files.borrow().iter().map(|(name, bytes)| (name.as_str(), bytes[0])).collect::<Vec<_>>(),
        [("own", 3), ("run:a", 2)]
    );
    let let_go = |name: &str| Told::Held((name.into(), None));
    assert_eq!(*told.borrow(), [let_go("run:a"), let_go("run:old"), Told::Keeping(None)]);
}

#[test]
fn a_browser_that_can_not_be_read_is_never_written_over() {
    for refusal in [Refusal::Once(Sentence::verbatim("denied")), Refusal::ForGood(Sentence::verbatim("silent"))] {
        let browser = Browser::default();
        browser.files.borrow_mut().insert("run:a".into(), vec![200]);
        *browser.refuses_reading.borrow_mut() = Some(refusal);
        let (store, told) = store(&browser);
        assert_eq!(block_on(store.read("run:a")), None);
        *browser.refuses_reading.borrow_mut() = None;
        block_on(store.change(vec![file("run:a", 1)]));
        assert_eq!(browser.files.borrow()["run:a"], [200], "what is there was not seen");
        assert_eq!((block_on(store.read("run:a")), browser.asked.get()), (Some(vec![1]), 1));
        assert!(matches!(told.borrow()[0], Told::Keeping(Some(_))));
    }
}

#[test]
fn a_browser_that_does_not_answer_a_write_is_not_waited_for_again() {
    let browser = Browser::default();
    *browser.refuses_writing.borrow_mut() = Some(Refusal::ForGood(Sentence::verbatim("silent")));
    let (store, _) = store(&browser);
    for byte in 0..3 {
        block_on(store.change(vec![file("run:a", byte)]));
    }
    assert_eq!((browser.asked.get(), block_on(store.read("run:a"))), (1, Some(vec![2])));
}

#[test]
fn what_the_page_held_is_there_again_and_goes_to_the_browser_once_it_can() {
    let browser = Browser::default();
    let (store, _) = store(&browser);
    store.restore(vec![("run:a".into(), vec![5])]);
    assert_eq!(block_on(store.read("run:a")), Some(vec![5]));
    block_on(store.flush());
    assert_eq!(browser.files.borrow()["run:a"], [5]);
}

#[test]
fn only_one_of_two_tabs_has_its_way_with_a_file() {
    let browser = Browser::default();
    let (one, _) = store(&browser);
    let (other, _) = store(&browser);
    let mine = |byte: u8| move |found: Option<&[u8]>| found.is_none_or(|found| found == [byte]).then(|| vec![byte]);
    assert!(block_on(one.update("lease:a", mine(1))));
    assert!(!block_on(other.update("lease:a", mine(2))));
    assert!(block_on(one.update("lease:a", mine(1))), "it is its own");
    *browser.refuses_writing.borrow_mut() = Some(Refusal::ForGood(Sentence::verbatim("silent")));
    assert!(block_on(other.update("lease:a", mine(2))), "what is not kept has no other tab");
    assert_eq!(browser.files.borrow()["lease:a"], [1]);
}

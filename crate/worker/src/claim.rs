//! One recipe is trained in one tab at a time: by a lock of the browser's, or where it has none, by a lease in the store.

use crate::lease;
use crate::scope::{self, Locked};
use crate::store::Store;
use crate::store::idb::Idb;
use glasses_contract::{Sentence, sentence};

/// Before the link of a recipe, in the store: who trains it.
const LEASE: &str = "lease:";

/// Said where another tab has the claim.
pub fn elsewhere() -> Sentence {
    sentence!(
        "This recipe is being trained in another tab of this browser: pause it there to go on here, or train another one, with another seed for example."
    )
}

/// Said where a lease may be that of a tab which is gone.
fn perhaps_gone() -> Sentence {
    sentence!(
        "This recipe is being trained in another tab of this browser, or was until less than a minute ago: pause it there, or wait that long."
    )
}

/// The right to train a recipe, or to forget its run.
pub struct Claim {
    name: String,
    right: Right,
}

enum Right {
    Lock(js_sys::Function),
    Lease(u64),
}

impl Claim {
    /// Claims a recipe.
    ///
    /// # Errors
    /// A sentence, where another tab has it.
    pub async fn new(store: &Store<Idb>, link: &str) -> Result<Self, Sentence> {
        let right = match scope::lock(&format!("glasses-run:{link}")).await {
            Locked::Here(release) => Right::Lock(release),
            Locked::Elsewhere => return Err(elsewhere()),
            Locked::Nowhere => Right::Lease((js_sys::Math::random() * 2_f64.powi(53)) as u64),
        };
        let claim = Self { name: format!("{LEASE}{link}"), right };
        if claim.renew(store).await { Ok(claim) } else { Err(perhaps_gone()) }
    }

    /// Keeps the claim; says whether it is still there.
    pub async fn renew(&self, store: &Store<Idb>) -> bool {
        let Right::Lease(holder) = self.right else { return true };
        let now_ms = js_sys::Date::now();
        store.update(&self.name, move |found| lease::take(found, holder, now_ms)).await
    }

    /// Gives the claim back.
    pub async fn release(self, store: &Store<Idb>) {
        // A lease that has ended may be another tab's by now, and is not ours to remove.
        let is_ours = store.fault().is_none() && self.renew(store).await;
        match self.right {
            Right::Lock(release) => drop(release.call0(&wasm_bindgen::JsValue::NULL)),
            Right::Lease(_) if is_ours => store.change(vec![(self.name, None)]).await,
            Right::Lease(_) => {}
        }
    }
}

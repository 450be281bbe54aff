//! The recipe in a file's header, read field by field: whoever wrote the file may be anybody.

use super::header::Header;
use super::json::{self, Fault};
use super::unreadable::Unreadable;
use glasses_contract::quote::quote;
use glasses_contract::recipe::{Accuracy, HEADER, Recipe, VERSION};
use glasses_contract::task::Task;
use glasses_contract::{Choice, Sentence, limits, open, sentence};
use serde_json::{Map, Value};

/// Entries of a recipe's loss: a run is told in hundredths.
const PARTS: usize = 100;

impl Header {
    /// The recipe of the model, which is that of the arrays.
    ///
    /// # Errors
    /// If there is none, if it says too little or something else than a recipe does, or if it is of another model.
    pub fn recipe(&self) -> Result<Recipe, Unreadable> {
        let recipe = read(self.words.get(HEADER).ok_or(Unreadable::NoRecipe)?)?;
        self.fit(&recipe.used().model).map_err(|why| Unreadable::RecipeModel(Box::new(why)))?;
        Ok(recipe)
    }
}

/// Reads a recipe, and holds its link against what a link of a model is.
fn read(text: &str) -> Result<Recipe, Unreadable> {
    let fields = json::object(text.as_bytes()).map_err(|fault| match fault {
        Fault::Json(why) => Unreadable::Recipe(why),
        Fault::Twice(name) => Unreadable::RecipeTwice(name),
    })?;
    let fields = Fields { path: String::new(), fields: &fields };
    // First: in another version, the other fields may be others.
    let version = fields.whole("version")?;
    if version != u64::from(VERSION) {
        return Err(Unreadable::RecipeVersion { found: version, known: VERSION });
    }
    let link = fields.text("link")?;
    let (config, warnings) = open::decode(&link);
    if let Some(why) = warnings.first() {
        return Err(Unreadable::RecipeLink(why.sentence.clone()));
    }
    let steps = fields.get("steps", sentence!("a whole number, at most that of its link"), |value| {
        let steps = usize::try_from(value.as_u64()?).ok()?;
        (steps <= config.training.steps).then_some(steps)
    })?;
    let loss = |value: &Value| {
        let loss: Option<Vec<f64>> = value.as_array()?.iter().map(Value::as_f64).collect();
        loss.filter(|loss| loss.len() <= PARTS)
    };
    let accuracy = fields.get("accuracy", sentence!("a list"), |value| value.as_array())?;
    Ok(Recipe {
        version: VERSION,
        link,
        command: fields.text("command")?,
        steps,
        final_loss: fields.get("final_loss", sentence!("a number"), Value::as_f64)?,
        loss: fields.get("loss", sentence!("a list of at most a hundred numbers"), loss)?,
        accuracy: accuracy.iter().enumerate().map(|(at, row)| read_accuracy(at, row)).collect::<Result<_, _>>()?,
        notes: fields.text("notes")?,
    })
}

fn read_accuracy(at: usize, row: &Value) -> Result<Accuracy, Unreadable> {
    let nothing = Map::new();
    let fields = Fields { path: format!("accuracy[{at}]."), fields: row.as_object().unwrap_or(&nothing) };
    let share = |value: &Value| value.as_f64().filter(|share| (0.0..=1.0).contains(share));
    let length = |value: &Value| usize::try_from(value.as_u64()?).ok().filter(|n| limits::N.contains(n));
    let n: Vec<usize> =
        fields.get("n", sentence!("a list of numbers of elements"), |value| value.as_array()?.iter().map(length).collect())?;
    let exact = |value: &Value| value.as_array()?.iter().map(share).collect::<Option<Vec<f64>>>().filter(|exact| exact.len() == n.len());
    Ok(Accuracy {
        task: fields.get("task", sentence!("the word of a task"), |value| Task::from_word(value.as_str()?))?,
        trained: fields.get("trained", sentence!("a share, from 0 to 1"), share)?,
        exact: fields.get("exact", sentence!("a share for each entry of “n”"), exact)?,
        examples: fields.get("examples", sentence!("a whole number"), |value| usize::try_from(value.as_u64()?).ok())?,
        n,
    })
}

/// The fields of an object, and where it stands in the recipe.
struct Fields<'a> {
    path: String,
    fields: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// What `read` makes of a field.
    fn get<T>(&self, name: &str, expected: Sentence, read: impl FnOnce(&'a Value) -> Option<T>) -> Result<T, Unreadable> {
        let field = format!("{}{name}", self.path);
        let Some(value) = self.fields.get(name) else { return Err(Unreadable::RecipeLacks(field)) };
        read(value).ok_or_else(|| Unreadable::RecipeField { field, found: quote(&value.to_string()), expected })
    }

    fn text(&self, name: &str) -> Result<String, Unreadable> {
        self.get(name, sentence!("a text"), |value| value.as_str().map(Into::into))
    }

    fn whole(&self, name: &str) -> Result<u64, Unreadable> {
        self.get(name, sentence!("a whole number"), Value::as_u64)
    }
}

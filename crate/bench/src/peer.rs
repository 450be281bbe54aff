//! A model that scripts ask for numbers, and time beside other runtimes: on the processor, or, in a build without it, on a graphics processor.

use std::cell::Cell;
use std::rc::Rc;

use burn::tensor::Tensor;
use glasses_contract::Admitted;
use glasses_contract::alphabet::Token;
use glasses_contract::limits;
use glasses_contract::question;
use glasses_contract::report::Stage;
use glasses_engine::device::{self, Compute, TensorSpec};
use glasses_engine::experiment::decode::decode;
use glasses_engine::hook::NoHook;
use glasses_engine::language_model::LanguageModel;
use glasses_engine::library::Library;
use glasses_engine::progress::Work;
use glasses_engine::transformer::{Through, Transformer};
use glasses_engine::weights::Weights;
use glasses_engine::{Engine, NoProgress};

/// One model, and the engine that answers about it.
pub struct Peer {
    transformer: Transformer,
    /// Not there while it answers.
    engine: Cell<Option<Engine>>,
    experiment: Admitted,
    adapter: String,
}

/// The device of this build.
#[cfg(feature = "cpu")]
async fn compute() -> Result<Compute, String> {
    Ok(device::cpu())
}

/// The device of this build.
#[cfg(not(feature = "cpu"))]
async fn compute() -> Result<Compute, String> {
    device::webgpu().await.map_err(|why| why.to_string())
}

impl Peer {
    /// A link's model.
    ///
    /// # Errors
    /// If the link does not open as it is written, or there is no device.
    pub async fn open(link: &str) -> Result<Self, String> {
        let (experiment, _, warnings) = glasses_contract::open::admitted(link);
        if let Some(warning) = warnings.first() {
            return Err(warning.to_string());
        }
        let (compute, model) = (compute().await?, experiment.model.clone());
        let spec = TensorSpec::single(&compute.device);
        let transformer = Transformer::new(&model, &Weights::draw(&model), &spec).map_err(|why| why.to_string())?;
        let adapter = compute.name.clone();
        Ok(Self { transformer, engine: Cell::new(Some(Engine::new(compute))), experiment, adapter })
    }

    /// The graphics processor by name; empty for the processor.
    pub fn adapter(&self) -> &str {
        &self.adapter
    }

    /// The last token's output y, d numbers.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn forward(&self, tokens: &[Token]) -> Result<Vec<f64>, String> {
        let y = self.transformer.read(&[tokens], &mut NoHook, &NoProgress).await.map_err(|_| "stopped")?;
        let last: Tensor<1> = y.narrow(1, tokens.len() - 1, 1).flatten(0, 2);
        let read = device::read(vec![last]).await.map_err(|why| why.to_string())?;
        Ok(read.concat())
    }

    /// Floating-point operations of a forward, as they are counted for limits, and the most tokens that this model reads.
    pub fn size(&self, tokens: usize) -> Vec<f64> {
        vec![limits::forward_flop(&self.experiment, tokens) as f64, limits::max_tokens(&self.experiment) as f64]
    }

    /// ‖∂y_n/∂x⁰_i‖ for every token i, by all d cotangents: the full profile alone, where a page's sensitivity also holds attention weights fixed, and
    /// has a bound.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn jacobian(&self, tokens: &[Token]) -> Result<Vec<f64>, String> {
        let width = self.transformer.model().width;
        let x = self.transformer.embed(&[tokens], &[0], &mut NoHook).x;
        let mut linearized = self.transformer.linearized(x, &mut NoHook, &NoProgress).await.map_err(|_| "stopped")?;
        linearized.prepare(width, &NoProgress).await.map_err(|_| "stopped")?;
        let mut squares = vec![0.0; tokens.len()];
        for first in (0..width).step_by(linearized.at_once()) {
            let count = linearized.at_once().min(width - first);
            let unit = |index: usize| if index % width == first + index / width { 1.0 } else { 0.0 };
            let cotangents = self.transformer.spec().floats((0..count * width).map(unit), [count, 1, width]);
            let work = Work::new(&NoProgress, linearized.flop(count));
            let products = linearized.vjp(cotangents, Through::All, &mut NoHook, &work).await.map_err(|_| "stopped")?;
            let read = device::read(vec![products.square().sum_dim(2).flatten(0, 2)]).await.map_err(|why| why.to_string())?;
            for (at, square) in read.concat().into_iter().enumerate() {
                squares[at % tokens.len()] += square;
            }
        }
        Ok(squares.into_iter().map(f64::sqrt).collect())
    }

    /// The L2 distance of the link's two sequences at every n, by the question of the page, which makes the curves of all layers and heads and of what
    /// rounding does, too.
    ///
    /// # Errors
    /// If the device fails, or another sweep is not done.
    pub async fn sweep(&self) -> Result<Vec<f64>, String> {
        let mut engine = self.engine.take().ok_or("one question at a time")?;
        let swept = swept(&mut engine, &self.experiment).await;
        self.engine.set(Some(engine));
        swept
    }
}

async fn swept<L: Library>(engine: &mut Engine<L>, experiment: &Admitted) -> Result<Vec<f64>, String> {
    let sweep = engine.answer(experiment, question::Sweep, &NoProgress).await.map_err(|why| format!("{why:?}"))?;
    let output = sweep.stages.into_iter().find(|curve| curve.stage == Stage::Output).ok_or("a sweep without an output")?;
    Ok(output.distances.into_iter().map(|distances| distances.l2).collect())
}

/// A language model's file, asked for what it writes and for a sweep.
pub struct Writer {
    model: Rc<LanguageModel>,
    transformer: Transformer,
    compute: Compute,
}

impl Writer {
    /// The model of a file.
    ///
    /// # Errors
    /// If it is none, or there is no device.
    pub async fn open(file: Vec<u8>) -> Result<Self, String> {
        let model = Rc::new(LanguageModel::open(file).map_err(|why| why.to_string())?);
        let compute = compute().await?;
        let transformer = model.transformer(model.model(), &TensorSpec::single(&compute.device)).map_err(|why| why.to_string())?;
        Ok(Self { model, transformer, compute })
    }

    /// The graphics processor by name; empty for the processor.
    pub fn adapter(&self) -> &str {
        &self.compute.name
    }

    /// What is written behind a text, always the likeliest token, at most so many.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn write(&self, prompt: &str, most: usize) -> Result<String, String> {
        let prompt = self.transformer.tokenizer().tokens(prompt);
        Ok(decode(&self.transformer, &prompt, most, &NoProgress).await.map_err(|why| format!("{why:?}"))?.text)
    }

    /// Number of tokens of a text.
    pub fn count(&self, text: &str) -> usize {
        self.transformer.tokenizer().tokens(text).len()
    }

    /// The L2 distance of n ones and one more behind a question about them, at every n up to the greatest, by an engine that was asked nothing before.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn sweep(&self, max: usize) -> Result<Vec<f64>, String> {
        let link = format!("v=1&bos=none&prefix=How many ones are in the following sequence?%20&max={max}");
        let (experiment, ..) = glasses_contract::open::admitted_on(&link, self.model.model()).map_err(|why| why.to_string())?;
        swept(&mut Engine::with_library(self.compute.clone(), self.model.clone()), &experiment).await
    }
}

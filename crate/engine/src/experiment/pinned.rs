//! Pinned curves: the output's distance at every n of other experiments, as far as the one beside them goes.

use super::last_tokens::LastTokens;
use super::{Engine, Loaded, NoAnswer, Progress, RespondWhole, of_another};
use crate::library::Library;
use crate::progress::SubProgress;
use glasses_contract::config::Experiment;
use glasses_contract::question;
use glasses_contract::report::{Pinned, PinnedCurve};
use glasses_contract::{admit, admit_on, open};

impl RespondWhole for question::Pinned {
    async fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Pinned, NoAnswer> {
        let links = config.view.pinned.links();
        let mut curves = Vec::with_capacity(links.len());
        for (index, link) in links.iter().enumerate() {
            let experiment = open::pinned(link, config);
            let language_model = experiment.model.file.and_then(|file| engine.library.language_model(file));
            let (admitted, _) = match language_model {
                Some(language_model) => admit_on(experiment, language_model.model()),
                None => admit(experiment),
            };
            let experiment = engine.completed(&admitted).into_owned();
            engine.check(&experiment, question::Sweep)?;
            let within = SubProgress::part(progress, index, links.len());
            let Loaded { transformer, .. } =
                engine.build(&experiment.model, &engine.spec(), &SubProgress::still(&within)).await.map_err(of_another)?;
            let last_tokens = LastTokens::at_every_n(&transformer, &experiment, None, &within).await?;
            curves.push(PinnedCurve { link: link.clone(), distances: last_tokens.output_distances(), n: last_tokens.n });
        }
        Ok(Pinned { curves })
    }
}

//! What is divided is answered as it is undivided, bit for bit: each shard by an engine of its own, in any order.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use glasses_contract::config::Which;
use glasses_contract::message::to_bytes;
use glasses_contract::question::{Ask, Comparison, Question, Seeds, Sensitivity, Separators};
use glasses_engine::experiment::Engine;
use glasses_engine::{NoProgress, device};
use glasses_tests::{admitted, config};

#[test]
fn the_answers_to_all_shards_are_the_answer_bit_for_bit() {
    let divided: [Question; 3] = [Comparison.into(), Separators.into(), Seeds.into()];
    let inputs = [
        "a=1%5En%7B,/k%7D&b=1%5E(n%2B1)%7B,/k%7D&layers=2&d=16&heads=2&max=24&n=9&seeds=3",
        "a=1%5En%7B,/k%7D0&b=0%5En%7B,/k%7D0&layers=1&d=12&heads=3&max=17&n=5&cures=log,gated,entmax&fw=bf16&seeds=2&seed=4294967295",
    ];
    let short = inputs.iter().flat_map(|input| divided.map(|question| (*input, question)));
    // A sensitivity is divided where it takes long.
    for (input, question) in short.chain([("n=150&a=1%5En&b=1%5E(n%2B1)&max=150", Sensitivity::exact(Which::B).into())]) {
        let config = admitted(&config(input));
        let ask = |shard| {
            let mut engine = Engine::new(device::cpu());
            pollster::block_on(engine.answer_shard(&config, question, shard, &NoProgress)).unwrap_or_else(|why| panic!("{input}: {why:?}"))
        };
        let shards = question.shards(&config);
        assert!(shards > 1, "{input}: {question:?}");
        let mut parts: Vec<_> = (0..shards).rev().map(ask).collect();
        let first = parts.pop().unwrap_or_else(|| panic!("there are some"));
        parts.reverse();
        let whole = pollster::block_on(Engine::new(device::cpu()).answer(&config, question, &NoProgress));
        // Bytes, for what is not a number equals nothing.
        assert_eq!(
            to_bytes(&question.join(first, parts)),
            to_bytes(&whole.unwrap_or_else(|why| panic!("{why:?}"))),
            "{input}: {question:?}"
        );
    }
}

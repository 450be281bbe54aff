//! The engine natively, for a script that times it beside other runtimes: each line of standard input asks, and a line answers.
//!
//! | line | answer |
//! |---|---|
//! | `open LINK` | the adapter's name, empty for the processor |
//! | `model FILE` | the same, with a language model's file open |
//! | `numbers JOB` | the job's numbers with spaces between them, or its text with line breaks as spaces |
//! | `time MS JOB` | milliseconds a run, of as many runs as fill so many milliseconds |
//!
//! A job is `forward` with the ids of tokens behind it, or `sweep`; of a language model `sweep` with the greatest n, or `write` with how many tokens and the text
//! behind which they come. What cannot be answered is answered with `error:` and why.

use std::io::{BufRead, Write};
use std::str::FromStr;
use std::time::Instant;

use glasses_bench::peer::{Peer, Writer};
use glasses_contract::alphabet::Token;

/// What is asked.
enum Open {
    Nothing,
    Peer(Box<Peer>),
    Writer(Box<Writer>),
}

/// Answers line by line, until there are no more.
pub fn answer(questions: impl BufRead, mut answers: impl Write) -> std::io::Result<()> {
    let mut open = Open::Nothing;
    for line in questions.lines() {
        let answer = answered(&line?, &mut open).unwrap_or_else(|why| format!("error: {why}"));
        writeln!(answers, "{answer}")?;
        answers.flush()?;
    }
    Ok(())
}

fn answered(line: &str, open: &mut Open) -> Result<String, String> {
    let (word, rest) = line.split_once(' ').ok_or("a line is a word and what follows")?;
    match word {
        "open" => {
            let peer = pollster::block_on(Peer::open(rest))?;
            let adapter = peer.adapter().to_owned();
            *open = Open::Peer(Box::new(peer));
            Ok(adapter)
        }
        "model" => {
            let file = std::fs::read(rest).map_err(|why| format!("{rest}: {why}"))?;
            let writer = pollster::block_on(Writer::open(file))?;
            let adapter = writer.adapter().to_owned();
            *open = Open::Writer(Box::new(writer));
            Ok(adapter)
        }
        "numbers" => run(open, rest),
        "time" => {
            let (least, job) = rest.split_once(' ').ok_or("a time, and a job")?;
            let least: f64 = least.parse().map_err(|_| format!("`{least}` is no time"))?;
            let (start, mut runs) = (Instant::now(), 0.0);
            loop {
                run(open, job)?;
                runs += 1.0;
                let passed = start.elapsed().as_secs_f64() * 1e3;
                if passed >= least {
                    return Ok((passed / runs).to_string());
                }
            }
        }
        other => Err(format!("`{other}` asks nothing")),
    }
}

fn run(open: &Open, job: &str) -> Result<String, String> {
    let (what, rest) = job.split_once(' ').unwrap_or((job, ""));
    let numbers = match (open, what) {
        (Open::Peer(peer), "sweep") => pollster::block_on(peer.sweep())?,
        (Open::Peer(peer), "forward") => {
            let tokens: Result<Vec<Token>, String> = rest.split(' ').map(|id| Ok(Token(whole(id)?))).collect();
            pollster::block_on(peer.forward(&tokens?))?
        }
        (Open::Writer(writer), "sweep") => pollster::block_on(writer.sweep(whole(rest)?))?,
        (Open::Writer(writer), "write") => {
            let (most, prompt) = rest.split_once(' ').ok_or("how many, and behind what")?;
            return Ok(pollster::block_on(writer.write(prompt, whole(most)?))?.replace(['\n', '\r'], " "));
        }
        _ => return Err(format!("`{job}` is no job of what is open")),
    };
    Ok(numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(" "))
}

fn whole<T: FromStr>(word: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("`{word}` is no whole number"))
}

//! The engine natively, for a script that times it beside other runtimes: each line of standard input asks, and a line answers.
//!
//! | line | answer |
//! |---|---|
//! | `open LINK` | the adapter's name, empty for the processor |
//! | `numbers JOB` | the job's numbers, with spaces between them |
//! | `time MS JOB` | milliseconds a run, of as many runs as fill so many milliseconds |
//!
//! A job is `forward` with the ids of tokens behind it, or `sweep`. What cannot be answered is answered with `error:` and why.

use std::io::{BufRead, Write};
use std::time::Instant;

use glasses_bench::peer::Peer;
use glasses_contract::alphabet::Token;

/// Answers line by line, until there are no more.
pub fn answer(questions: impl BufRead, mut answers: impl Write) -> std::io::Result<()> {
    let mut peer = None;
    for line in questions.lines() {
        let answer = answered(&line?, &mut peer).unwrap_or_else(|why| format!("error: {why}"));
        writeln!(answers, "{answer}")?;
        answers.flush()?;
    }
    Ok(())
}

fn answered(line: &str, peer: &mut Option<Peer>) -> Result<String, String> {
    let (word, rest) = line.split_once(' ').ok_or("a line is a word and what follows")?;
    if word == "open" {
        let opened = pollster::block_on(Peer::open(rest))?;
        let name = opened.adapter().to_owned();
        *peer = Some(opened);
        return Ok(name);
    }
    let peer = peer.as_ref().ok_or("nothing is open")?;
    match word {
        "numbers" => Ok(run(peer, rest)?.iter().map(f64::to_string).collect::<Vec<_>>().join(" ")),
        "time" => {
            let (least, job) = rest.split_once(' ').ok_or("a time, and a job")?;
            let least: f64 = least.parse().map_err(|_| format!("`{least}` is no time"))?;
            let (start, mut runs) = (Instant::now(), 0.0);
            loop {
                run(peer, job)?;
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

fn run(peer: &Peer, job: &str) -> Result<Vec<f64>, String> {
    let mut words = job.split(' ');
    match words.next() {
        Some("sweep") => pollster::block_on(peer.sweep()),
        Some("forward") => {
            let tokens: Result<Vec<Token>, String> = words.map(|id| id.parse().map(Token).map_err(|_| format!("`{id}` is no token"))).collect();
            pollster::block_on(peer.forward(&tokens?))
        }
        _ => Err(format!("`{job}` is no job")),
    }
}

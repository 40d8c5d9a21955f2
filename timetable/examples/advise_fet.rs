//! How good and how fast advice is on a FET file with a timetable: every cell of each card priced, and chains for cards whose cell is
//! blocked. `cargo run --release -p timetable --all-features --example advise_fet -- FILE [CASES]`.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use timetable::schools::fet;
use timetable::search::suggest::{Advisor, Hunt};
use timetable::search::{Ground, Random};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().context("name a FET file with a timetable")?;
    let cases: u32 = arguments.next().map_or(Ok(200), |n| n.parse())?;
    let (school, solution) = fet::read_placed(&std::fs::read(&path)?)?;
    let problem = &school.problem;
    let solution = solution
        .completed(problem)
        .map_err(|m| anyhow::anyhow!("the timetable does not fit: {m:?}"))?;
    let ground = Ground::new(problem);
    let mut advisor = Advisor::new(problem, &ground, &solution);
    let mut say = format!(
        "{}: {} cards, cost {}\n",
        problem.id,
        solution.meets.len(),
        advisor.cost()
    );
    let movable: Vec<u32> = (0..u32::try_from(solution.meets.len())?)
        .filter(|m| !advisor.together(*m).is_empty())
        .collect();

    let (mut cells, mut longest, from) = (0, Duration::ZERO, Instant::now());
    for meet in &movable {
        let one = Instant::now();
        cells += advisor.cells(*meet).len();
        longest = longest.max(one.elapsed());
    }
    let mean = from.elapsed() / u32::try_from(movable.len().max(1))?;
    say.push_str(&format!(
        "all cells of a card with reasons: {mean:?} in the mean, {longest:?} at most, {cells} cells\n"
    ));

    let mut random = Random::new(1);
    let (mut steps, mut longest, mut slow) = ([0_u32; 4], Duration::ZERO, 0);
    for _ in 0..cases {
        let Some(meet) = random.pick(&movable) else { break };
        let time = solution.meets.get(usize::try_from(meet)?).and_then(|m| m.time);
        let one = Instant::now();
        let chain = advisor.chain(meet, time.as_slice(), Hunt::default());
        longest = longest.max(one.elapsed());
        slow += u32::from(one.elapsed() > Duration::from_secs(1));
        let length = chain.map_or(0, |c| c.steps);
        if let Some(count) = steps.get_mut(usize::try_from(length)?) {
            *count += 1;
        }
    }
    say.push_str(&format!(
        "chains for {cases} cards: {} of one move, {} of two, {} of three, none {}; {longest:?} at most, {slow} beyond a second\n",
        steps[1], steps[2], steps[3], steps[0]
    ));
    std::io::Write::write_all(&mut std::io::stdout(), say.as_bytes())?;
    Ok(())
}

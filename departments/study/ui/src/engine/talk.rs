//! What the page and its engine say to each other, as JSON.

use serde::{Deserialize, Serialize};
use timetable::compose::{
    Contradiction, Fact, Found, Mended, Order, Report, Score, Standing, Stuck, Terms, Way,
};
use timetable::problem::Cost;
use timetable::unmet::Tally;
use timetable::{BoardSpec, CardIx, Placement, Problem};

/// A question or an order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Ask {
    /// This is the board from now on. Ends a search for another one.
    Board(Box<BoardSpec>),
    /// The shortest ways to give a card a place; to this cell, if one is named.
    Ways {
        /// Which.
        card: CardIx,
        /// Day and slot.
        cell: Option<(u16, u16)>,
        /// So many at most; the first one is known sooner than the others.
        most: u8,
    },
    /// Why a card has no place: what closes its cells, and which moves would give it one.
    Stuck {
        /// Which.
        card: CardIx,
        /// By card: it was asked to stay where it is; empty: of none.
        keep: Vec<bool>,
    },
    /// Which requirements around a card without a place cannot be met together. It takes longer than [`Ask::Stuck`].
    Collides {
        /// Which.
        card: CardIx,
        /// By card: it was asked to stay where it is; empty: of none.
        keep: Vec<bool>,
    },
    /// Why a remark of the review stands.
    Standing {
        /// As the review has it.
        remark: Problem,
    },
    /// What cannot be met together.
    Collide {
        /// By card: it stays where it is.
        keep: Vec<bool>,
    },
    /// Begin to compose, as one of several.
    Begin {
        /// By card: it stays where it is.
        keep: Vec<bool>,
        /// Another one goes another way.
        seed: u64,
        /// Its number among those that work together.
        number: u32,
    },
    /// Take an order and work for at most about so long, then tell.
    Go {
        /// `None`: as it was.
        order: Option<Order>,
        /// Milliseconds.
        millis: u32,
    },
    /// What is the best so far, to be given to another one?
    Found,
    /// What is the best so far, as a timetable?
    Best,
    /// Take up changed facts and begin to repair.
    Mend {
        /// What has changed.
        facts: Vec<Fact>,
        /// What may be moved.
        terms: Terms,
        /// Another one goes another way.
        seed: u64,
    },
    /// Go on with the repair for about so long, then tell.
    MendOn {
        /// Milliseconds.
        millis: u32,
        /// This is the end: the best so far is the outcome.
        stop: bool,
    },
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Done, nothing to tell.
    Done,
    /// Ways, the shortest first.
    Ways(Vec<Way>),
    /// Why a card has no place.
    Stuck(Box<Told>),
    /// What cannot be met together around a card; `None`: nothing was found.
    Collides(Option<Box<Contradiction>>),
    /// Why a remark stands; `None`: the engine does not count it.
    Standing(Option<Box<Standing>>),
    /// What cannot be met together.
    Collide(Vec<Contradiction>),
    /// Composing has begun.
    Begun(Box<Begun>),
    /// How far it is.
    Went(Report),
    /// The best of one for another.
    Found(Box<Found>),
    /// The best so far.
    Best(Box<Best>),
    /// How far a repair is.
    Mending(Progress),
    /// There is no board, or the engine cannot hold it; or nothing was begun.
    Nothing,
}

/// Why a card has no place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// With what was asked to stay staying: nothing of it is moved.
    pub stuck: Stuck,
    /// Where no moves give it a place so: the moves that would, were that let go which only was asked to stay.
    pub released: Option<Way>,
}

/// Composing has begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Begun {
    /// The draft as it was, and what it costs: nothing worse comes out.
    pub before: Best,
    /// Its cost.
    pub cost: Cost,
    /// Cards that fit nowhere.
    pub impossible: Vec<CardIx>,
}

/// How far a repair is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Parts of a thousand of the work.
    pub done: u32,
    /// Cards at another time in the best so far.
    pub moved: u32,
    /// Requirements that are broken in it.
    pub open: u32,
    /// The facts, once they are taken up: which day a free day has become.
    pub facts: Vec<Fact>,
    /// What it came to, at its end.
    pub mended: Option<Box<Mended>>,
}

/// A timetable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// Its figures.
    pub score: Score,
    /// What it leaves unmet, rule by rule.
    pub tally: Tally,
    /// Where each card lies.
    pub places: Vec<Option<Placement>>,
    /// Cards that lie elsewhere than before.
    pub moved: u32,
}

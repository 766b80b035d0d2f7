//! Approval layers.

use std::collections::HashMap;

use super::reach;
use crate::model::{ElementIx, Kind, Process};

/// Search steps after which [`approval_layers`] gives the safe upper bound instead.
const LAYER_SEARCH: usize = 2_000_000;

/// Layered tasks beyond which no search is tried: far more than any real process has.
const MAX_LAYERED: usize = 200;

/// The greatest number of different user tasks with a `tongban:layer` that one token can pass between start and end:
/// the approval layers of the process, of which the law allows three (承办 → 审查 → 审批, requirement R06).
///
/// Tasks of parallel branches do not add up, and sending a case back does not add a layer. Where the graph is too tangled
/// to search completely, all tasks with a layer count.
pub fn approval_layers(process: &Process) -> usize {
    let layered =
        |ix: ElementIx| process[ix].is_user_task() && process[ix].extension("layer").is_some();
    // The graph of layers alone: which layered tasks come next without another one between.
    let next_layers = |from: ElementIx| -> Vec<ElementIx> {
        let stop_at_layers = |ix| {
            if ix != from && layered(ix) {
                Vec::new()
            } else {
                process.successors(ix).collect()
            }
        };
        let mut next: Vec<_> = reach(process.successors(from).collect(), stop_at_layers)
            .into_iter()
            .filter(|ix| *ix != from && layered(*ix))
            .collect();
        next.sort_unstable(); // a stable order makes the bounded search deterministic
        next
    };
    let starts: Vec<_> = process
        .indices()
        .filter(|ix| matches!(process[*ix].kind, Kind::StartEvent { .. }))
        .collect();
    let layers: Vec<_> = process.indices().filter(|ix| layered(*ix)).collect();
    if layers.len() > MAX_LAYERED {
        return layers.len();
    }
    let graph: HashMap<_, _> = layers
        .iter()
        .chain(&starts)
        .map(|ix| (*ix, next_layers(*ix)))
        .collect();

    // Longest simple path, depth first. A frame is a task on the path and how many of its successors were tried.
    let mut longest = 0;
    let mut steps = 0;
    for start in starts {
        let mut path = vec![(start, 0)];
        loop {
            steps += path.len(); // what looking along the path costs
            if steps > LAYER_SEARCH {
                return layers.len();
            }
            let Some((ix, tried)) = path.last_mut() else {
                break;
            };
            let next = graph.get(ix).and_then(|n| n.get(*tried)).copied();
            *tried += 1;
            match next {
                None => drop(path.pop()),
                Some(next) if path.iter().any(|(on_path, _)| *on_path == next) => {}
                Some(next) => {
                    longest = longest.max(path.len()); // the start is no layer
                    path.push((next, 0));
                }
            }
        }
    }
    longest
}

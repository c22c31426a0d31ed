// One restart of simulated annealing over generating sets. Internal to tools/conjecture/.
//
// The energy is the value, with the mean distance as what decides between equal ones. Moves: a generator is relabelled by a transposition
// (it keeps its cycle type), multiplied by a transposition (cycles are cut or joined), or drawn anew. A set that was seen before in the restart, under whatever
// labels, is known by its canonical key; sets that were left lately are tabu.
#pragma once

#include <tools/conjecture/extremal_score.hpp>
#include <tools/conjecture/search_store.hpp>

#include <cstdint>
#include <vector>

namespace cosetta::conjecture {

/// What a part of a search found: a restart of annealing, or a run of sets.
struct part_result {
  search_part part;
  std::vector<search_record> records;  // at most question.keep
};

/// Sets as they are given may be closed under inversion by chance: their records have both of each inverse pair.
search_record record_of(const canonical_set& set, const extremal_score& score, inversion kind);

/// A function of the question and the number of the restart alone. Throws as extremal_scoring::run does.
part_result anneal(const extremal_question& question, std::uint64_t restart, extremal_scoring& scoring, const search::run_context& context);

}  // namespace cosetta::conjecture

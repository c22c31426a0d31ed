// Generating sets with the largest or smallest value: all sets up to relabelling where that is feasible, which proves the records; otherwise
// simulated annealing from seeds (S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi, Science 220 (1983)), which gives the best found.
//
// The work is cut into parts: sets in a row of the enumeration, or restarts. Each finished part is in the store at once, in one transaction
// with its records; a search that was killed goes on with the parts that are missing, and ends with the same records.
#pragma once

#include <search/run_context.hpp>
#include <tools/conjecture/extremal_question.hpp>
#include <tools/conjecture/search_store.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cosetta::conjecture {

struct search_progress {
  bool enumerating = false;  // then nothing else is known
  std::uint64_t parts = 0, parts_done = 0, sets = 0, sets_done = 0;  // sets: 0 of annealing
  std::optional<std::uint64_t> best;
  double seconds = 0, share_now = 0;  // of the parts that this call has done
};

struct search_options {
  search::run_context context;
  std::uint64_t limit = 0;  // so many sets in this call, or a few more; 0: no limit
  std::string version, command;
  std::function<void(const search_progress&)> observer;  // by one thread at a time, for each part; may be empty
};

/// What the store knows of a search.
struct search_summary {
  search_row row;
  std::uint64_t parts_done = 0, sets_done = 0, admissible = 0, cut_short = 0;
  std::optional<std::uint64_t> best;
  std::uint64_t best_sets = 0;  // of an exhaustive search: how many attain it
  bool proven = false;          // exhausted
  double seconds = 0;           // of one core, all parts together
  std::vector<search_record> records;
};

struct search_result {
  search::status status = search::status::exact;  // exact: all parts are done; lower_bound: a limit came; interrupted
  search_summary summary;
  std::uint64_t sets_now = 0;
  double seconds = 0;
};

/// Precondition: the question is settled. Throws domain_error where the store has another search of the name, and what scoring throws.
search_result run_search(const extremal_question& question, store& into, const search_options& options);

/// Throws domain_error where there is none.
search_summary summary_of(const store& from, std::string_view name);

}  // namespace cosetta::conjecture

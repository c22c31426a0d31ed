// Folders of path-finding competitions: what is given, what is handed in, and who has solved what.
//
//   santa2023    puzzle_info.csv  puzzle_type,allowed_moves      puzzles.csv  id,puzzle_type,solution_state,initial_state,num_wildcards
//                (of Kaggle's "Santa 2023 - The Polytope Permutation Puzzle"; states are labels joined by ';', and -f is the
//                inverse of move f)                              submission   id,moves
//   cayleypy     puzzle_info.json  central_state, generators     test.csv     initial_state_id,initial_state[,comment]
//                (of the CayleyPy competitions; all moves listed) submission   initial_state_id,path
//   permutation  puzzle_info.json                                test.csv     id,n,permutation
//                                                                submission   id,permutation,solution
//
// A move p changes a state to new[i] = old[p[i]]; a word is moves joined by dots, applied left to right, and takes the initial state
// to the solution. docs/datasets.md has the details.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/run_context.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cosetta::tools {

enum class competition_format { santa2023, cayleypy, permutation };

std::string_view to_string(competition_format format) noexcept;
/// Throws parse_error.
competition_format competition_format_from(std::string_view name);

/// What is to be solved by the same moves.
struct puzzle {
  graphs::permutation_set moves;  // each name that a word may hold
  std::unordered_map<std::string, std::size_t> index;
};

struct puzzle_row {
  std::size_t line = 0;  // of the test file
  std::string id;
  std::string type;                               // of Santa, else empty
  std::vector<std::uint32_t> initial, solution;   // labels, numbered in the order in which the solution has them
  std::uint64_t wildcards = 0;                    // labels that may be wrong
  std::string given;                              // the state as it was written
};

struct competition {
  competition_format format = competition_format::cayleypy;
  std::string folder, test_file;
  std::map<std::string, puzzle> puzzles;  // by type
  std::vector<puzzle_row> rows;

  const puzzle& puzzle_of(const puzzle_row& row) const { return puzzles.at(row.type); }
};

/// Throws parse_error ("FILE:LINE: reason") or domain_error where the folder cannot be read.
competition read_competition(const std::string& folder);

/// The names of the columns of a submission; of permutation, `solution` is the word.
std::vector<std::string> submission_columns(competition_format format);
/// One row of a submission, with a line break.
std::string submission_row(competition_format format, const puzzle_row& row, std::string_view word);

/// Names joined by dots.
std::string word_text(const puzzle& p, const std::vector<std::size_t>& word);

/// `state` moved by a word of numbers of moves.
std::vector<std::uint32_t> moved(const puzzle& p, const std::vector<std::size_t>& word, std::vector<std::uint32_t> state);

/// Moves that do nothing together, for a solved row where the empty word is not valid: a move and its inverse, or its order of times.
std::vector<std::size_t> idle_word(const puzzle& p);

/// Labels that are not those of the solution. Precondition: as many.
std::size_t wrong_labels(const puzzle_row& row, const std::vector<std::uint32_t>& state);

/// The placeholder of a row that was not solved.
inline constexpr std::string_view unsolved = "UNSOLVED";

struct invalid_line {
  std::size_t line;  // 0: of no line, a row that is missing
  std::string id, reason;
};

struct score_report {
  std::uint64_t rows = 0;   // of the competition
  std::uint64_t valid = 0;  // of them solved
  std::uint64_t total = 0;  // moves of the valid rows
  std::vector<invalid_line> invalid;
};

/// Every row solved exactly once, by known moves, with at most its wildcards wrong; the score is the number of all moves. Throws
/// parse_error for text that is no table or has other columns.
score_report score_submission(const competition& c, std::string_view submission, const std::string& name);

struct baseline_options {
  std::uint64_t seed = 1;
  int effort = 1;                             // of words in the group
  std::uint64_t search_states = 1U << 16;     // of the searches for a pattern: from each end, and of partial arrangements
};

struct baseline_result {
  enum class outcome { solved, impossible, limit } what = outcome::limit;
  std::vector<std::size_t> word;
  std::string reason;  // unless solved
};

/// A word for each row, in their order, as `visit(row, result)`. Distinct labels: by words in the group (word_factorization.hpp).
/// Others: by breadth-first search from both ends, or, beyond search_states, so for an arrangement of equal labels that is in the group.
void solve_rows(const competition& c, const baseline_options& options, const search::run_context& context,
                const std::function<void(const puzzle_row&, const baseline_result&)>& visit);

}  // namespace cosetta::tools

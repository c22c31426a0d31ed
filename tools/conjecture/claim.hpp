// Published claims, as specifications with what they expect, and the machine that recomputes them and compares. docs/reproduce/README.md says it for people.
//
//   { "name": "lx", "claim": "in words", "source": "where it is published", "seconds": 2.5, "checks": [
//       {"graphs": {"family": "lx:{n}", "n": [4, 12]}, "measure": "diameter", "expect": [6, 11, 18, ...], "formula": "floor(3 n^2 / 4) - 2 n + 3", "from": 5},
//       {"graphs": {"family": "lrx:{n}", "n": [4, 8]}, "last_layer": [[[1,0,3,2]], ...]},
//       {"bound": [0.5, 4, 0], "degrees": [4, 8], "expect": {"lrx:8": 28, ...}},
//       {"search": {"degree": 7, "size": 3, "class": "involutions"}, "expect": {"best": 30, "attained_by": 1, "square_with_whiskers": true}} ] }
//
// A table has one value for each graph, in the order of its range. A formula is found from the computed values (fit.hpp), and must be the one expected.
// A bound a n^2 + b n + c is checked for the diameters of all inverse-closed permutation families of the catalogue that span S_n or A_n; its table is compared as well.
#pragma once

#include <search/run_context.hpp>
#include <tools/conjecture/store.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::conjecture {

struct claim {
  std::string file, name, text, source;
  double seconds = 0;     // that it took, as the file says
  std::string checks;     // JSON
};

struct claim_row {
  std::string what, expected, computed;
  bool agrees = false;
};

enum class claim_verdict { agree, disagree, unfinished, unchecked };
std::string_view to_string(claim_verdict v) noexcept;

struct claim_result {
  claim_verdict said = claim_verdict::agree;
  std::vector<claim_row> rows;
  std::uint64_t agreed = 0;
  std::string limit;   // of `unfinished`: what came first
  std::string reason;  // of `unchecked`: what is wrong with the claim or the store
  double seconds = 0;
};

struct claim_options {
  search::run_context context;
  std::string version, command;
  std::function<void(const std::string&)> observer;  // "3 of 9 graphs"; may be empty
};

/// Throws parse_error, "FILE: /checks/0: ...".
claim parse_claim(std::string_view text, const std::string& file);

/// Computes what the store does not have. What is wrong with a check, or with what the store has of it, is a verdict: `unchecked`.
claim_result check_claim(const claim& c, store& into, const claim_options& options);

}  // namespace cosetta::conjecture

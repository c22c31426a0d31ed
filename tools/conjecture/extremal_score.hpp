// The value of one generating set in an extremal search, or a proof that it is out of the question. Internal to tools/conjecture/.
//
// Cheap refusals first: orbits of points and parities, then the order by a stabilizer chain (Schreier and Sims). The breadth-first search then
// ends as soon as the spheres prove that the set cannot enter the records: where |B(a)| + |B(b)| > |G|, each g has B(a) and g B(b)^-1 in
// common, so that the diameter is at most a + b; and while the ball of radius d is not the group, it is at least d + 1.
#pragma once

#include <search/run_context.hpp>
#include <tools/conjecture/canonical_set.hpp>
#include <tools/conjecture/extremal_question.hpp>
#include <tools/conjecture/ranked_search.hpp>

#include <cstdint>
#include <optional>
#include <span>

namespace cosetta::conjecture {

struct extremal_score {
  bool admissible = false;  // the group is as wished
  bool whole = false;       // false: the value is worse than the one that was asked for
  std::uint64_t value = 0, diameter = 0, states = 0, last_sphere = 0;
  double mean = 0;
};

/// For one thread: tables that are used again.
class extremal_scoring {
 public:
  explicit extremal_scoring(const extremal_question& question) : question_(question) {}

  /// With `needed`, what is proved to be worse is not computed to its end. Throws stopped_error where the context ends the work, and
  /// resource_error where the group does not fit its memory.
  extremal_score run(const canonical_set& set, std::optional<std::uint64_t> needed, const search::run_context& context);

  /// Whether the value `a` is better than `b`.
  static bool is_better(const extremal_question& q, std::uint64_t a, std::uint64_t b) noexcept { return q.smallest ? a < b : a > b; }

 private:
  bool is_admissible(std::span<const groups::permutation> generators, std::uint64_t& order, const search::run_context& context) const;

  const extremal_question& question_;
  std::optional<ranked_search> ranked_;
};

}  // namespace cosetta::conjecture

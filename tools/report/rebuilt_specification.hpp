// The specification of a sweep, from what the store has of it: a report says how to compute it again, and stores keep graphs, not files.
#pragma once

#include <tools/conjecture/records.hpp>

#include <functional>
#include <span>
#include <string>

namespace cosetta::report {

struct rebuilt_specification {
  std::string text;      // JSON, one line for each entry; empty where there are too many graphs to list them
  bool checked = false;  // it was read again and names these very graphs; otherwise enumerating them would take too long
};

/// Families become ranges, orbits of subsets the class they are all of, numbered random sets their seed, everything else a list of
/// generators. Limits are those that stopped a graph. `checkpoint` is called now and then and may throw. Precondition: the graphs are of one sweep.
rebuilt_specification rebuild_specification(std::span<const conjecture::listed_graph> graphs, const std::function<void()>& checkpoint = {});

}  // namespace cosetta::report

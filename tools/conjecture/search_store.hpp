// Extremal searches in the store: what was asked, which parts of the work are done, and the records.
#pragma once

#include <groups/permutation.hpp>
#include <tools/conjecture/store.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::conjecture {

struct search_row {
  std::string name, question, method;  // question: extremal_question::identity()
  std::uint64_t parts = 0, sets = 0;   // of the whole search; sets are 0 where nobody knows: of annealing
  std::string version, command;
};

/// A part of the work, finished: sets in a row, or a restart of annealing.
struct search_part {
  std::uint64_t part = 0, sets = 0, admissible = 0;
  std::uint64_t cut_short = 0;        // of these, proved to be worse than the records before their search was complete; of annealing, whose groups do not fit the memory
  std::optional<std::uint64_t> best;  // value among the others
  std::uint64_t best_sets = 0;        // that have it
  double seconds = 0;
};

struct search_record {
  std::string key, generators;  // generators: JSON image arrays; of undirected searches one of each inverse pair
  std::uint64_t value = 0, diameter = 0, states = 0, last_sphere = 0;
};

/// Throws for what is no list of permutations of one degree, which no search writes.
std::vector<groups::permutation> generators_of(const search_record& record);

/// Keeps the `keep` best; of equal values those with the lesser keys.
void keep_best(std::vector<search_record>& records, std::size_t keep, bool smallest);

/// Throws domain_error where the store has another search of that name. The numbers of parts become the larger ones.
void begin_search(store& into, const search_row& row);
/// The part and its records, in one transaction.
void put_search_part(store& into, std::string_view name, const search_part& part, std::span<const search_record> records, std::size_t keep, bool smallest);

std::vector<search_row> searches_of(const store& from);
std::vector<search_part> search_parts_of(const store& from, std::string_view name);
/// The best first.
std::vector<search_record> search_records_of(const store& from, std::string_view name, bool smallest);

/// Internal to store.cpp: within its transaction, and for store::content().
void merge_searches(store& into, const store& other);
std::string searches_content(const store& of);

}  // namespace cosetta::conjecture

// Extremal searches as text, CSV and JSON.
#pragma once

#include <tools/conjecture/extremal_search.hpp>

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace cosetta::tools {

/// A record with what it is called.
struct shown_record {
  conjecture::search_record record;
  std::string cycles;                 // "(0 1)(2 3), (0 1 2)"
  std::vector<std::string> families;  // of the catalogue, equal up to relabelling (and inversion)
  std::vector<std::size_t> whiskers;  // conjecture::square_with_whiskers
  bool proven = false;                // the search is exhausted
};

std::vector<shown_record> shown_records(const conjecture::search_summary& summary);

/// "exhausted: 1307 sets up to ..." and one line a record.
std::string search_summary_text(const conjecture::search_summary& summary, const std::vector<shown_record>& records);
std::string search_records_csv(const std::vector<shown_record>& records);
nlohmann::ordered_json search_summary_json(const conjecture::search_summary& summary, const std::vector<shown_record>& records);

}  // namespace cosetta::tools

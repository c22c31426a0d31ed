// Sweeps and stores as text, CSV and JSON.
#pragma once

#include <tools/conjecture/store.hpp>
#include <tools/conjecture/sweep.hpp>
#include <tools/invocation.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace cosetta::tools {

/// The rows of one sweep that it has in the store, by entries of the specification: a family as rows of parameter and diameter, many graphs
/// as a summary.
std::string sweep_text(const conjecture::sweep_specification& specification, const conjecture::sweep_result& result, const std::vector<conjecture::listed_graph>& rows);

/// A row of cosetta.sweep/1 and of the list. `whole` adds generators, the states of the last sphere and the provenance.
nlohmann::ordered_json listed_json(const conjecture::listed_graph& row, bool whole);

/// A table with aligned columns, and the same as CSV, Markdown or LaTeX with a remark.
std::string listed_text(const std::vector<conjecture::listed_graph>& rows);
std::string listed_table(const std::vector<conjecture::listed_graph>& rows, output_format format, std::string_view remark);

}  // namespace cosetta::tools

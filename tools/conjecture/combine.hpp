// Two rows of one graph become one. Internal to tools/conjecture/.
#pragma once

#include <tools/conjecture/records.hpp>

#include <string>

namespace cosetta::conjecture {

/// What is known of the graph after `later`. Throws domain_error, naming `file`, where both are exact and contradict each other.
stored_graph combined(const stored_graph& earlier, const stored_graph& later, const std::string& file);

/// Whether the row answers a question for these measures under these limits: it is exact, or the limit that stopped it is no higher now.
bool answers(const stored_graph& row, measure_set wanted, const provenance_row& limits);

}  // namespace cosetta::conjecture

// The results of fits in the form of the JSON contract (cosetta.fit/1).
#pragma once

#include <tools/conjecture/fit.hpp>
#include <tools/conjecture/shape_fit.hpp>

#include <nlohmann/json_fwd.hpp>

namespace cosetta::tools {

/// The `result` object: status, formulas, refused, sequences. Values and coefficients are strings.
nlohmann::ordered_json fit_json(const conjecture::fit_report& report);
nlohmann::ordered_json shape_json(const conjecture::shape_report& report);

}  // namespace cosetta::tools

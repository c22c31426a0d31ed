#include <tools/fit_json.hpp>

#include <nlohmann/json.hpp>

namespace cosetta::tools {

using nlohmann::ordered_json;

namespace {

ordered_json texts(const std::vector<mpq_class>& numbers) {
  auto out = ordered_json::array();
  for (const auto& x : numbers) out.push_back(x.get_str());
  return out;
}

ordered_json formula_json(const conjecture::formula& f) {
  ordered_json out = {{"kind", std::string(to_string(f.kind))}, {"text", f.text}, {"description", f.description}, {"from", f.from}, {"to", f.to}};
  if (f.kind == conjecture::formula_kind::quasi_polynomial) {
    out["period"] = f.period;
    out["degree"] = f.degree;
    out["classes"] = ordered_json::array();
    for (const auto& c : f.classes) out["classes"].push_back({{"residue", c.residue}, {"coefficients", texts(c.coefficients)}});
  } else if (f.kind == conjecture::formula_kind::recurrence) {
    out["order"] = f.order;
    out["coefficients"] = texts(f.coefficients);
  }
  out["fixed_by"] = f.fixed_by;
  out["held_out"] = f.held_out;
  out["exceptions"] = ordered_json::array();
  for (const auto& row : f.exceptions) out["exceptions"].push_back({{"n", row.n}, {"value", row.value.get_str()}});
  out["chance"] = f.chance;
  out["random_bits"] = f.random_bits;
  if (f.next) out["next"] = {{"n", f.next->n}, {"value", f.next->value.get_str()}};
  return out;
}

ordered_json parameters_json(const conjecture::shape_parameters& p, bool slant) {
  ordered_json out = {{"location", p.location}, {"scale", p.scale}};
  if (slant) out["slant"] = p.slant;
  return out;
}

}  // namespace

ordered_json fit_json(const conjecture::fit_report& report) {
  ordered_json out = {{"status", report.formulas.empty() ? "refused" : "found"}, {"rows", report.rows_given}, {"exact_rows", report.rows_used}};
  if (report.rows_used != 0) {
    out["first_n"] = report.first_n;
    out["last_n"] = report.last_n;
  }
  out["formulas"] = ordered_json::array();
  for (const auto& f : report.formulas) out["formulas"].push_back(formula_json(f));
  out["refused"] = ordered_json::array();
  for (const auto& [kind, reason] : report.refused) out["refused"].push_back({{"kind", std::string(to_string(kind))}, {"reason", reason}});
  out["sequences"] = ordered_json::array();
  for (const auto& s : report.sequences) {
    ordered_json entry = {{"number", s.number}};
    if (!s.name.empty()) entry["name"] = s.name;
    entry["at"] = s.at;
    entry["skipped"] = s.skipped;
    entry["terms"] = s.terms;
    out["sequences"].push_back(entry);
  }
  return out;
}

ordered_json shape_json(const conjecture::shape_report& report) {
  ordered_json out = {{"mean", report.mean}, {"sd", report.sd}, {"skewness", report.skewness}, {"excess", report.excess}, {"nearest", std::string(to_string(report.best))}};
  out["shapes"] = ordered_json::array();
  for (const auto& f : report.fits) {
    const bool slant = f.kind == conjecture::shape_kind::skew_normal;
    out["shapes"].push_back({{"shape", std::string(to_string(f.kind))},
                             {"kolmogorov", f.kolmogorov},
                             {"chi_square", f.chi_square},
                             {"rms", f.rms},
                             {"least_squares", parameters_json(f.fitted, slant)},
                             {"moments", parameters_json(f.by_moments, slant)},
                             {"kolmogorov_by_moments", f.kolmogorov_by_moments}});
  }
  return out;
}

}  // namespace cosetta::tools

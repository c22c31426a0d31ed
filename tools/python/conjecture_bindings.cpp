#include <kernels/error.hpp>
#include <tools/conjecture/fit.hpp>
#include <tools/conjecture/measured_table.hpp>
#include <tools/conjecture/shape_fit.hpp>
#include <tools/conjecture/store.hpp>
#include <tools/conjecture/sweep.hpp>
#include <tools/python/bindings.hpp>
#include <tools/version.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>

#include <fmt/format.h>

namespace cosetta::python {

namespace {

using conjecture::store;

template <class T>
void put(py::dict& out, const char* name, const std::optional<T>& x) {
  if (x) out[name] = *x;
}

/// JSON of the store as text: Python reads it when it is asked for.
py::dict row_dict(const conjecture::listed_graph& row) {
  const auto& g = row.graph;
  py::dict out;
  out["sweep"] = row.member.sweep;
  out["label"] = row.member.label;
  out["spec"] = row.member.spec;
  py::dict parameters;
  for (const auto& [name, value] : row.member.parameters) parameters[py::str(name)] = value;
  out["parameters"] = std::move(parameters);
  out["key"] = g.key;
  out["kind"] = g.kind;
  out["degree"] = g.degree;
  out["inverse_closed"] = g.inverse_closed;
  out["generators"] = g.generators;
  out["central_state"] = g.central;
  out["status"] = search::to_string(g.status);
  put(out, "diameter", g.diameter);
  if (g.states) out["states"] = integer(*g.states);
  if (!g.layers.empty()) out["layers"] = array_of_layers(g.layers);
  put(out, "last_sphere", g.last_sphere);
  if (g.last_layer) out["last_layer"] = *g.last_layer;
  if (g.moments) out["mean"] = g.moments->mean, out["sd"] = g.moments->deviation, out["skewness"] = g.moments->skewness;
  if (g.order) out["order"] = integer(*g.order);
  put(out, "transitive", g.transitive);
  put(out, "girth", g.girth);
  if (!row.member.relabelling.empty()) out["relabelling"] = row.member.relabelling;
  const auto& p = row.provenance;
  py::dict provenance;
  provenance["version"] = p.version, provenance["command"] = p.command, provenance["engine"] = p.engine, provenance["seconds"] = p.seconds;
  provenance["peak_bytes"] = p.peak_bytes, provenance["threads"] = p.threads, provenance["stopped_by"] = p.stopped_by;
  out["provenance"] = std::move(provenance);
  return out;
}

/// One thread at a time; a call from within the work that has it would wait for itself.
class held_store {
 public:
  held_store(const std::string& path, bool writable) : at_(path, writable ? store::access::create : store::access::read), path_(path) {}

  const std::string& path() const { return path_; }

  template <class Work>
  auto use(const search::run_context& context, long_work& work, const Work& what) {
    for (const auto* w = long_work::outer(); w != nullptr; w = w->around()) {
      if (w == holder_) throw domain_error(fmt::format("{}: called from its own progress: the store is in use until the sweep is over", path_));
    }
    return work.run([&] {
      std::unique_lock lock(in_use_, std::defer_lock);
      while (!lock.try_lock_for(std::chrono::milliseconds(20))) context.check();
      holder_ = &work;
      const std::unique_ptr<held_store, void (*)(held_store*)> held(this, [](held_store* s) { s->holder_ = nullptr; });
      return what(at_);
    });
  }

  template <class Work>
  auto use(const Work& what) {
    search::run_context context;
    long_work work(context);
    return use(context, work, what);
  }

 private:
  std::timed_mutex in_use_;
  std::atomic<const long_work*> holder_ = nullptr;
  store at_;
  std::string path_;
};

py::list rows(held_store& s, const std::string& sweep) {
  const auto found = s.use([&](store& at) { return at.listed(sweep); });
  py::list out;
  for (const auto& row : found) out.append(row_dict(row));
  return out;
}

py::list tables(held_store& s, const std::string& sweep, const std::string& measure) {
  conjecture::check_number_measure(measure);
  const auto found = s.use([&](store& at) { return conjecture::measured_tables(at.listed(sweep), measure); });
  py::list out;
  for (const auto& table : found) {
    py::list rows;
    for (const auto& row : table.rows) rows.append(py::make_tuple(row.n, integer(row.value), row.exact));
    out.append(py::make_tuple(table.title, table.along, rows));
  }
  return out;
}

py::dict sweep(held_store& s, const std::string& text, const std::string& name, std::uint64_t part, std::uint64_t parts, const std::string& command, const limits& l, const py::object& progress) {
  const auto specification = conjecture::parse_sweep(text, name);
  conjecture::sweep_options options;
  options.context = context_of(l);
  options.shard = {part, parts};
  options.version = tools::version;
  options.command = command;
  long_work work(options.context);
  if (!progress.is_none()) {
    options.observer = [&](const conjecture::sweep_progress& p) { work.call([&] { progress(p.total, p.done, p.reused, p.failed, p.seconds); }); };
  }
  const auto r = s.use(options.context, work, [&](store& at) { return conjecture::run_sweep(specification, at, options); });
  py::dict out;
  out["name"] = specification.name;
  out["status"] = search::to_string(r.status);
  out["graphs"] = r.total;
  out["done"] = r.done;
  out["reused"] = r.reused;
  out["left"] = r.left();
  out["lower_bounds"] = r.bounds;
  out["seconds"] = r.seconds;
  py::list failures;
  for (const auto& f : r.failures) failures.append(py::make_tuple(f.label, f.reason));
  out["failures"] = std::move(failures);
  return out;
}

// ----------------------------------------------------------------------------------------------------------------------- fits

py::object fraction(const mpq_class& x) { return py::module_::import("fractions").attr("Fraction")(integer(x.get_num()), integer(x.get_den())); }

py::list fractions(const std::vector<mpq_class>& numbers) {
  py::list out;
  for (const auto& x : numbers) out.append(fraction(x));
  return out;
}

py::dict formula_dict(const conjecture::formula& f) {
  py::dict out;
  out["kind"] = conjecture::to_string(f.kind);
  out["text"] = f.text;
  out["description"] = f.description;
  out["start"] = f.from;
  out["end"] = f.to;
  out["period"] = f.period;
  out["degree"] = f.degree;
  out["order"] = f.order;
  py::dict classes;
  for (const auto& c : f.classes) classes[py::int_(c.residue)] = fractions(c.coefficients);
  out["classes"] = std::move(classes);
  out["coefficients"] = fractions(f.coefficients);
  out["fixed_by"] = f.fixed_by;
  out["held_out"] = f.held_out;
  py::list exceptions;
  for (const auto& row : f.exceptions) exceptions.append(py::make_tuple(row.n, integer(row.value)));
  out["exceptions"] = std::move(exceptions);
  out["chance"] = f.chance;
  out["next"] = f.next ? py::object(py::make_tuple(f.next->n, integer(f.next->value))) : py::none();
  return out;
}

py::dict fit(const std::vector<std::tuple<long, py::int_, bool>>& values, std::size_t max_period, std::size_t max_degree, std::size_t max_order, std::optional<std::size_t> max_exceptions,
             double held_share, double max_chance, const std::string& oeis) {
  std::vector<conjecture::fit_row> rows;
  for (const auto& [n, value, exact] : values) rows.push_back({n, integer_from(value), exact});
  search::run_context context;
  long_work work(context);
  const conjecture::fit_options options{max_period, max_degree, max_order, max_exceptions, held_share, max_chance, [&] { context.check(); }};
  conjecture::check_fit_options(options, conjecture::option_names::underlined);
  const auto report = work.run([&] { return conjecture::find_formulas(rows, options, oeis); });
  py::dict out;
  out["rows"] = report.rows_given;
  out["exact_rows"] = report.rows_used;
  py::list formulas, refused, sequences;
  for (const auto& f : report.formulas) formulas.append(formula_dict(f));
  for (const auto& [kind, reason] : report.refused) refused.append(py::make_tuple(conjecture::to_string(kind), reason));
  for (const auto& s : report.sequences) sequences.append(py::make_tuple(s.number, s.name, s.at, s.skipped, s.terms));
  out["formulas"] = std::move(formulas), out["refused"] = std::move(refused), out["sequences"] = std::move(sequences);
  out["text"] = report.text();
  return out;
}

py::dict fit_shapes(const std::vector<double>& layers) {
  const auto report = conjecture::fit_shapes(layers);
  py::dict out;
  out["mean"] = report.mean, out["sd"] = report.sd, out["skewness"] = report.skewness, out["excess"] = report.excess;
  out["best"] = conjecture::to_string(report.best);
  py::dict fits;
  for (const auto& f : report.fits) {
    py::dict one;
    one["location"] = f.fitted.location, one["scale"] = f.fitted.scale, one["slant"] = f.fitted.slant;
    one["kolmogorov"] = f.kolmogorov, one["chi_square"] = f.chi_square, one["rms"] = f.rms;
    fits[py::cast(conjecture::to_string(f.kind))] = std::move(one);
  }
  out["fits"] = std::move(fits);
  out["text"] = report.text;
  return out;
}

}  // namespace

void add_conjectures(py::module_& m) {
  py::class_<held_store>(m, "Store")
      .def(py::init<const std::string&, bool>())
      .def_property_readonly("path", [](const held_store& s) { return s.path(); })
      .def("sweeps",
           [](held_store& s) {
             std::vector<std::tuple<std::string, std::uint64_t, std::uint64_t>> out;
             for (const auto& one : s.use([](store& at) { return at.sweeps(); })) out.emplace_back(one.name, one.graphs, one.exact);
             return out;
           })
      .def("rows", &rows)
      .def("tables", &tables)
      .def("sweep", &sweep)
      .def("merge",
           [](held_store& s, const std::string& path) {
             s.use([&](store& at) {
               at.merge(store(path, store::access::read));
               return true;
             });
           })
      .def("content", [](held_store& s) { return s.use([](store& at) { return at.content(); }); });
  m.def("fit", &fit);
  m.def("fit_shapes", &fit_shapes);
}

}  // namespace cosetta::python

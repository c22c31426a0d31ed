// The extension cosetta._cosetta.
#include <groups/chain_options.hpp>
#include <kernels/error.hpp>
#include <tools/python/bindings.hpp>
#include <tools/version.hpp>

namespace cosetta::python {

namespace {

/// Exceptions are classes of Python (cosetta/errors.py), so that each is also one of Python's own.
template <class Error>
void raise_as(const char* name, const Error& e) {
  PyErr_SetString(py::module_::import("cosetta.errors").attr(name).ptr(), e.what());
}

void translate(std::exception_ptr thrown) {
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const parse_error& e) {
    raise_as("ParseError", e);
  } catch (const domain_error& e) {
    raise_as("DomainError", e);
  } catch (const resource_error& e) {
    raise_as("ResourceError", e);
  } catch (const backend_error& e) {
    raise_as("BackendError", e);
  } catch (const groups::stopped_error& e) {
    raise_as("LimitError", e);
  } catch (const error& e) {
    raise_as("Error", e);
  }
}

/// Before the interpreter ends: threads of daemons cannot take its lock afterwards.
void end_work() {
  auto* state = PyEval_SaveThread();
  end_all_work(std::chrono::seconds(5));
  PyEval_RestoreThread(state);
}

}  // namespace

PYBIND11_MODULE(_cosetta, m) {
  m.doc() = "The extension under cosetta: plain arguments in, dictionaries and arrays out. Use cosetta, which documents and checks.";
  py::register_exception_translator(translate);
  m.attr("version") = tools::version;
  py::module_::import("atexit").attr("register")(py::cpp_function(&end_work));
  add_graphs(m);
  add_growth(m);
  add_search(m);
  add_groups(m);
  add_conjectures(m);
  add_figures(m);
}

}  // namespace cosetta::python

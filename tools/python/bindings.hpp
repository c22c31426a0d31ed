// What the parts of the extension share. The extension is narrow: plain arguments in, dictionaries and arrays out; names, checks of arguments
// that users see, and documentation are in Python (cosetta/).
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/run_context.hpp>
#include <tools/python/interruption.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <cxxabi.h>
#include <gmpxx.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

namespace cosetta::python {

namespace py = pybind11;

void add_graphs(py::module_& m);
void add_growth(py::module_& m);
void add_search(py::module_& m);
void add_groups(py::module_& m);
void add_conjectures(py::module_& m);
void add_figures(py::module_& m);

// ------------------------------------------------------------------------------------------------------------ numbers and arrays

py::int_ integer(const mpz_class& x);
mpz_class integer_from(const py::int_& x);

/// An array over a vector, which it owns: nothing is copied.
template <class Shown, class T>
py::array owning_array(std::vector<T>&& values, std::vector<py::ssize_t> shape) {
  static_assert(sizeof(Shown) == sizeof(T));
  auto kept = std::make_unique<std::vector<T>>(std::move(values));
  auto* data = kept->data();
  py::capsule owner(kept.get(), [](void* p) { delete static_cast<std::vector<T>*>(p); });
  kept.release();
  return py::array(py::dtype::of<Shown>(), std::move(shape), data, owner);
}

/// Rows of labels, or of entries of matrices: every one is below 2^63, or over Z two's complement.
using state_array = py::array_t<std::int64_t, py::array::c_style>;

/// (k, degree), or (k, degree, columns) for matrices.
std::vector<py::ssize_t> shape_of_states(const graphs::graph_definition& graph, std::size_t count);
py::array array_of_states(const graphs::graph_definition& graph, const std::vector<graphs::state>& states);
py::array array_of_state(const graphs::graph_definition& graph, const graphs::state& s);
/// Precondition: a contiguous array whose size is a multiple of the state's.
std::vector<graphs::state> states_from(const graphs::graph_definition& graph, const state_array& states);
/// Sizes of spheres: an array where they fit 63 bits, otherwise a list.
py::object array_of_layers(std::vector<std::uint64_t> layers);

// --------------------------------------------------------------------------------------------------------------------- long work

/// Threads (0: one a core), bytes (0: three quarters of what is free), seconds (below 0: no limit).
using limits = std::tuple<unsigned, std::size_t, double>;
search::run_context context_of(const limits& l);

/// The interpreter's lock again; for good asleep where the interpreter ends.
inline void take_lock(PyThreadState* state, bool began_on_main) {
  if (is_ending(began_on_main)) park();
  try {
    PyEval_RestoreThread(state);
  } catch (abi::__forced_unwind&) {
    park();
  }
}

/// Work without the interpreter's lock. Throws what the work throws.
template <class Work>
std::invoke_result_t<Work> without_lock(const Work& work, std::stop_source stop = std::stop_source(std::nostopstate)) {
  static_assert(!std::is_void_v<std::invoke_result_t<Work>>);
  std::optional<std::invoke_result_t<Work>> result;
  std::exception_ptr failure;
  const bool main = is_main_thread();
  auto* state = PyEval_SaveThread();
  {
    std::optional<live_work> live(std::in_place, std::move(stop));
    try {
      if (!is_ending(main)) result.emplace(work());
    } catch (...) {
      failure = std::current_exception();
    }
    if (is_ending(main)) {
      live.reset();
      park();
    }
    take_lock(state, main);
  }
  if (failure) std::rethrow_exception(failure);
  return std::move(*result);
}

/// Work without the interpreter's lock, which Ctrl-C ends.
class long_work {
 public:
  explicit long_work(search::run_context& context) { context.stop = interruption_.token(); }
  long_work(const long_work&) = delete;
  long_work& operator=(const long_work&) = delete;

  /// The work whose call of Python this thread is in, and the one whose call that one is in, and so on.
  static const long_work* outer() { return outer_; }
  const long_work* around() const { return around_; }

  /// Throws what Python's handler of the signal raises, what call() caught, and what the work throws.
  template <class Work>
  std::invoke_result_t<Work> run(const Work& work) {
    std::optional<std::invoke_result_t<Work>> result;
    std::exception_ptr failure;
    try {
      result.emplace(without_lock(work, interruption_.source()));
    } catch (...) {
      failure = std::current_exception();
    }
    interruption_.end();
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (raised_) std::rethrow_exception(raised_);
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
  }

  /// Calls Python from whatever thread. What it raises ends the work; false from then on.
  template <class Call>
  bool call(const Call& call) {
    if (is_ending(main_)) return false;  // it is asked to stop
    try {
      const py::gil_scoped_acquire held;
      if (raised_) return false;
      const auto* before = std::exchange(outer_, this);
      bool done = false;
      try {
        call();
        done = true;
      } catch (abi::__forced_unwind&) {
        park();
      } catch (...) {
        raised_ = std::current_exception();
        interruption_.request_stop();
      }
      outer_ = before;
      return done;
    } catch (abi::__forced_unwind&) {
      park();
    }
  }

 private:
  static inline thread_local const long_work* outer_ = nullptr;
  interruption interruption_;
  const long_work* around_ = outer_;
  bool main_ = is_main_thread();
  std::exception_ptr raised_;  // with the lock held
};

/// Passes progress on to a function of Python: depth, states in the sphere, seen, seconds. Nothing for None.
std::function<void(const search::progress&)> observer_of(const py::object& callback, long_work& work);

}  // namespace cosetta::python

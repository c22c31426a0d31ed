// Named generators of a group, in an order that users rely on: paths may be given as indices.
//
// A set may hold duplicates and the identity, as some published families do; they are reported, not removed.
// "Inverse-closed" is a property of the set of elements: every inverse is there, under whatever name.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cosetta::groups {

/// A regular type with an associative product, inverses and a test for the identity. Laws (checked by tests on every
/// model): (a*b)*c == a*(b*c); (a * a.inverse()).is_identity(); equal elements have equal hashes.
template <class Element>
concept group_element = std::regular<Element> && requires(const Element& a, const Element& b) {
  { a* b } -> std::same_as<Element>;
  { a.inverse() } -> std::same_as<Element>;
  { a.is_identity() } -> std::same_as<bool>;
  { std::hash<Element>{}(a) } -> std::convertible_to<std::size_t>;
};

/// How a missing inverse is called: f' or -f. A name that already carries the mark loses it.
enum class inverse_mark { prime, minus };

std::string inverse_name(std::string_view name, inverse_mark mark);

template <group_element Element>
class generating_set {
 public:
  void add(std::string name, Element element) {
    names_.push_back(std::move(name));
    elements_.push_back(std::move(element));
  }

  std::size_t size() const noexcept { return elements_.size(); }
  bool empty() const noexcept { return elements_.empty(); }
  const std::vector<std::string>& names() const noexcept { return names_; }
  const std::vector<Element>& elements() const noexcept { return elements_; }
  const Element& operator[](std::size_t i) const noexcept { return elements_[i]; }

  std::optional<std::size_t> find(std::string_view name) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return i;
    }
    return std::nullopt;
  }

  /// For each generator the index of the first generator that is its inverse, if there is one.
  std::vector<std::optional<std::size_t>> inverse_indices() const {
    const auto index = first_indices();
    std::vector<std::optional<std::size_t>> out;
    out.reserve(size());
    for (const auto& element : elements_) {
      const auto found = index.find(element.inverse());
      out.push_back(found == index.end() ? std::nullopt : std::optional(found->second));
    }
    return out;
  }

  bool is_inverse_closed() const {
    for (const auto& inverse : inverse_indices()) {
      if (!inverse) return false;
    }
    return true;
  }

  /// This set followed by the inverses that it lacks, in the order of the generators.
  generating_set inverse_closure(inverse_mark mark = inverse_mark::prime) const {
    generating_set out = *this;
    auto index = first_indices();
    std::unordered_set<std::string> taken(names_.begin(), names_.end());
    for (std::size_t i = 0; i < size(); ++i) {
      auto inverse = elements_[i].inverse();
      if (!index.emplace(inverse, out.size()).second) continue;
      std::string name = inverse_name(names_[i], mark);
      if (name.empty() || taken.contains(name)) name = names_[i] + "_inv";  // another generator is called so
      while (!taken.insert(name).second) name += '\'';
      out.add(std::move(name), std::move(inverse));
    }
    return out;
  }

  /// Pairs (later, first) of generators that are the same element.
  std::vector<std::pair<std::size_t, std::size_t>> duplicates() const {
    const auto index = first_indices();
    std::vector<std::pair<std::size_t, std::size_t>> out;
    for (std::size_t i = 0; i < size(); ++i) {
      if (const auto first = index.at(elements_[i]); first != i) out.emplace_back(i, first);
    }
    return out;
  }

  bool operator==(const generating_set&) const = default;

 private:
  std::unordered_map<Element, std::size_t> first_indices() const {
    std::unordered_map<Element, std::size_t> index;
    for (std::size_t i = 0; i < size(); ++i) index.emplace(elements_[i], i);
    return index;
  }

  std::vector<std::string> names_;
  std::vector<Element> elements_;
};

}  // namespace cosetta::groups

// The catalogue of named families: generating sets and puzzles that users of CayleyPy, Santa 2023 and the literature
// know. One table drives everything: parsing `lrx:12,k=3`, `cosetta graph list`, docs/catalogue.md and the tests.
//
// Arguments are given by position in the order of the table or by name, and are written back in one canonical form.
#pragma once

#include <graphs/graph_builder.hpp>
#include <graphs/graph_definition.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cosetta::graphs {

using argument = std::variant<std::int64_t, bool, std::string>;

struct parameter {
  std::string name;
  std::string meaning;
  std::variant<std::monostate, argument> fallback;  // monostate: required; its type is the type of the parameter
  std::int64_t least = 0;                           // of an integer
  enum class kind { integer, flag, text, list } type = kind::integer;
  std::int64_t most = std::int64_t{1} << 30;  // of an integer: products of two such numbers do not overflow
};

/// The arguments of one graph, aligned with the parameters of its family.
class arguments {
 public:
  arguments(std::string spec, std::span<const parameter> parameters, std::vector<argument> values)
      : spec_(std::move(spec)), parameters_(parameters), values_(std::move(values)) {}

  std::int64_t integer(std::size_t i) const { return std::get<std::int64_t>(values_[i]); }
  bool flag(std::size_t i) const { return std::get<bool>(values_[i]); }
  const std::string& text(std::size_t i) const { return std::get<std::string>(values_[i]); }
  const std::string& spec() const noexcept { return spec_; }

  /// Throws domain_error "spec: message" unless `condition`.
  void require(bool condition, std::string_view message) const;
  /// The canonical text of these arguments: "12,k=3".
  std::string canonical() const;

 private:
  std::string spec_;
  std::span<const parameter> parameters_;
  std::vector<argument> values_;
};

enum class section { permutations, matrices, puzzles };

struct family {
  std::string name;
  section part;
  std::vector<parameter> parameters;
  std::string definition;
  std::string group;       // the group generated, where known
  std::string generators;  // how many and how they are called
  std::string formulas;    // known diameters and growth, with their source
  std::vector<std::string> aliases;
  std::string example;  // a small instance
  std::function<void(const arguments&, graph_builder&)> build;
  std::function<known_facts(const arguments&)> known;  // may be empty
};

/// All families, in the order of the sections and, within one, of the table of the catalogue.
std::span<const family> catalogue();

/// The family of a name or alias; nullptr when there is none.
const family* find_family(std::string_view name);

/// Reads "name:arguments" (or a fixed old name such as "cube_2/2/2_6gensQTM"). Throws parse_error with the nearest
/// three names when the name is unknown, parse_error or domain_error when the arguments are wrong.
graph_definition make_catalogue_graph(std::string_view spec, std::uint64_t seed = 1);

/// The known names nearest to `name` by edit distance, at most `count`.
std::vector<std::string> nearest_names(std::string_view name, std::span<const std::string> known,
                                       std::size_t count = 3);

/// All names and aliases that make_catalogue_graph understands.
std::vector<std::string> catalogue_names();

/// docs/catalogue.md
std::string catalogue_markdown();

}  // namespace cosetta::graphs

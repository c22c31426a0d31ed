// Reading JSON with the place of each value, for messages that name the file and the pointer. Internal to tools/conjecture/.
#pragma once

#include <kernels/error.hpp>
#include <tools/conjecture/subset_orbits.hpp>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::conjecture {

/// A value of the file and where it stands.
class json_place {
 public:
  json_place(const std::string& file, std::string pointer, const nlohmann::ordered_json& value) : file_(&file), pointer_(std::move(pointer)), value_(&value) {}

  const nlohmann::ordered_json& value() const noexcept { return *value_; }
  const std::string& pointer() const noexcept { return pointer_; }

  [[noreturn]] void fail(const std::string& reason) const {
    throw parse_error(fmt::format("{}: {}: {}", *file_, pointer_.empty() ? "the document" : pointer_, reason));
  }
  [[noreturn]] void mismatch(std::string_view expected) const {
    std::string found = value_->dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    if (found.size() > 40) found = found.substr(0, 40) + "...";
    fail(fmt::format("expected {}, found {}", expected, found));
  }

  /// Precondition for the keys below: this is an object whose keys are among `known`.
  void check_keys(std::initializer_list<const char*> known, std::string_view more = "") const {
    if (!value_->is_object()) mismatch("an object");
    for (const auto& [key, value] : value_->items()) {
      if (std::find_if(known.begin(), known.end(), [&k = key](const char* name) { return k == name; }) != known.end()) continue;
      const std::vector<std::string> names(known.begin(), known.end());
      fail(fmt::format("unknown key \"{}\"; there are {}{}", key, fmt::join(names, ", "), more));
    }
  }
  std::optional<json_place> find(const char* key) const {
    const auto at = value_->find(key);
    if (at == value_->end()) return std::nullopt;
    return json_place(*file_, pointer_ + "/" + key, *at);
  }
  json_place at(const char* key) const {
    if (auto found = find(key)) return *found;
    fail(fmt::format("\"{}\" is missing", key));
  }
  std::vector<json_place> items(std::string_view expected) const {
    if (!value_->is_array()) mismatch(expected);
    std::vector<json_place> out;
    for (std::size_t i = 0; i < value_->size(); ++i) out.emplace_back(*file_, fmt::format("{}/{}", pointer_, i), (*value_)[i]);
    return out;
  }

  std::string text() const {
    if (!value_->is_string()) mismatch("a text");
    return value_->get<std::string>();
  }
  bool flag() const {
    if (!value_->is_boolean()) mismatch("true or false");
    return value_->get<bool>();
  }
  std::int64_t integer(std::int64_t least, std::int64_t most) const {
    const bool fits = value_->is_number_integer() && !(value_->is_number_unsigned() && value_->get<std::uint64_t>() > (std::uint64_t{1} << 62));
    if (!fits || value_->get<std::int64_t>() < least || value_->get<std::int64_t>() > most) mismatch(fmt::format("an integer from {} to {}", least, most));
    return value_->get<std::int64_t>();
  }

  /// A text that parse_class reads, or a list of cycle lengths.
  permutation_class permutation_class_of(std::size_t degree) const {
    std::string words;
    if (value_->is_array()) {
      for (const auto& length : items("cycle lengths")) words += (words.empty() ? "" : ",") + std::to_string(length.integer(1, static_cast<std::int64_t>(degree)));
    } else if (!value_->is_string() || (words = text()).find_first_of("0123456789") != std::string::npos) {
      mismatch("\"all\", \"involutions\", \"transpositions\", \"even\", \"odd\" or a list of cycle lengths");
    }
    try {
      return parse_class(words, degree);
    } catch (const parse_error& e) {
      fail(e.what());
    }
  }

 private:
  const std::string* file_;
  std::string pointer_;
  const nlohmann::ordered_json* value_;
};

/// The document; an object with one key twice is refused. Throws parse_error.
inline nlohmann::ordered_json parse_json_document(std::string_view text, const std::string& file) {
  using document = nlohmann::ordered_json;
  std::vector<std::unordered_set<std::string>> open;
  try {
    return document::parse(text, [&](int depth, document::parse_event_t event, document& parsed) {
      if (depth > 100) throw parse_error(fmt::format("{}: nested more than 100 levels deep", file));
      if (event == document::parse_event_t::object_start) open.emplace_back();
      if (event == document::parse_event_t::object_end) open.pop_back();
      if (event == document::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second) {
        throw parse_error(fmt::format("{}: the key \"{}\" occurs twice in one object", file, parsed.get<std::string>()));
      }
      return true;
    });
  } catch (const document::exception& e) {
    std::string reason = e.what();
    if (const auto at = reason.find("parse error"); at != std::string::npos) reason.erase(0, at);
    throw parse_error(fmt::format("{}: {}", file, reason));
  }
}

}  // namespace cosetta::conjecture

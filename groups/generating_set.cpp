#include <groups/generating_set.hpp>

namespace cosetta::groups {

std::string inverse_name(std::string_view name, inverse_mark mark) {
  if (mark == inverse_mark::prime) {
    return name.ends_with('\'') ? std::string(name.substr(0, name.size() - 1)) : std::string(name) + "'";
  }
  return name.starts_with('-') ? std::string(name.substr(1)) : std::string("-").append(name);
}

}  // namespace cosetta::groups

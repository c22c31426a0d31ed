// The errors that any room may throw. Each message names the thing, the place and the cure in one line, so that a
// program can print `what()` as it is. The type says whose fault it was, and so which exit code the command line gives.
#pragma once

#include <stdexcept>
#include <string>

namespace cosetta {

class error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Text or a file that does not follow its format; the message holds file, line and reason where there are any.
class parse_error : public error {
 public:
  using error::error;
};

/// Well-formed input outside the domain of the operation: not a bijection, a singular matrix, a wrong length.
class domain_error : public error {
 public:
  using error::error;
};

/// The work would need more memory, points or generators than it is allowed; the message says how much and what fits.
class resource_error : public error {
 public:
  using error::error;
};

/// A device, a library or the operating system failed or is absent.
class backend_error : public error {
 public:
  using error::error;
};

}  // namespace cosetta

// Sequences that have a number in the On-Line Encyclopedia of Integer Sequences (oeis.org): a small table of those that catalogue
// families meet, and the user's own copy of all of them, the file stripped.gz with lines "A000045 ,0,1,1,2,3,5,8,...,".
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <gmpxx.h>

namespace cosetta::conjecture {

struct known_sequence {
  std::string number;   // "A002620"
  std::string name;     // "floor(k^2 / 4)"; empty from stripped.gz, which has no names
  std::size_t at = 0;   // the run begins at this term of it, from 0
  std::size_t skipped = 0;  // terms of the run at its beginning that are not in it
  std::size_t terms = 0;    // how many agree
};

/// A run that is shorter says nothing.
inline constexpr std::size_t least_run = 6;

/// Bundled sequences that contain the run, or the run without its first three terms at most; at least six terms have to agree, and all
/// of the first 64 that the sequence has. Empty for shorter runs.
std::vector<known_sequence> bundled_sequences(const std::vector<mpz_class>& run);

/// The same in a copy of the OEIS's stripped.gz, or of the text in it; at most `most` sequences, in the order of the file. Throws
/// parse_error (FILE:LINE: reason), and backend_error for a compressed file where the program was built without zlib.
std::vector<known_sequence> sequences_in_file(const std::string& path, const std::vector<mpz_class>& run, std::size_t most = 20);

}  // namespace cosetta::conjecture

// Text of strangers in HTML and LaTeX, and formulas set as one reads them.
#pragma once

#include <string>
#include <string_view>

namespace cosetta::report {

/// For text and for attributes in double or single quotes. What is no UTF-8, and control characters but line feeds and tabs, become U+FFFD.
std::string html_escaped(std::string_view text);

/// For text of a document in LaTeX; control characters become blanks.
std::string latex_escaped(std::string_view text);

/// The text of a formula (conjecture/formula_text.hpp) with superscripts and floor brackets: "⌊3 n<sup>2</sup> / 4⌋ − 2 n + 3".
std::string formula_html(std::string_view formula);

/// The same for the mathematics mode of LaTeX: "\lfloor 3 n^{2} / 4 \rfloor - 2 n + 3".
std::string formula_latex(std::string_view formula);

/// The formula of n with another name for n, where it stands alone.
std::string formula_in(std::string_view formula, std::string_view parameter);

/// A word as a shell would read it again.
std::string shell_word(std::string_view word);

}  // namespace cosetta::report

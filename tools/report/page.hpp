// A report as one HTML file: no scripts, nothing from outside, readable on paper, on a telephone and in the dark.
#pragma once

#include <tools/report/sweep_report.hpp>

#include <string>

namespace cosetta::report {

struct page_source {
  std::string command;  // that made the page
  std::string version;
  std::string db;       // the store, as it was named
};

/// `checkpoint` is called between figures and may throw.
std::string html_page(const sweep_report& report, const page_source& source, const std::function<void()>& checkpoint = {});

}  // namespace cosetta::report

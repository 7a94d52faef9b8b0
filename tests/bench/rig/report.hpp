#pragma once
// Report: lines of a table, tocsin beside Alertmanager, with the target and whether it is reached.

#include <optional>
#include <string>
#include <vector>

namespace tocsin::bench {

/// The value at `share` (0.5: the median) of a list that is not empty.
double quantile(std::vector<double> values, double share);

struct Row {
    std::string what;
    std::string unit;
    std::optional<double> tocsin;
    std::optional<double> alertmanager;
    int decimals = 2;
    std::optional<double> at_most;        // of tocsin's own value
    std::optional<double> share_at_most;  // of Alertmanager's
};

void print_heading(const std::string& title);
/// A value that is missing is a dash, and a target that cannot be judged says so.
void print_row(const Row& row);
/// "best of 3: 1.2; all: 1.2 1.3 1.4", for the lines below a row.
std::string spread(const std::vector<double>& rounds, int decimals);

}  // namespace tocsin::bench

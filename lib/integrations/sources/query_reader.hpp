#pragma once
// Query reader: the body of an instant query's answer, read in one pass into series.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "core/event.hpp"

namespace tocsin::integrations {

/// The envelope of Prometheus' HTTP API, with what others add to it (VictoriaMetrics' `isPartial`).
struct QueryRead {
    std::string status, error_type, error, result_type;
    std::vector<core::Series> series;   // vector, or the one value of a scalar; bounded
    std::size_t series_count = 0;       // may exceed what `series` keeps
    std::size_t histograms = 0;         // series left out: native histograms
    std::size_t unreadable_values = 0;  // series left out: no number
    std::vector<std::string> warnings;  // bounded
    bool is_partial = false;
};

/// Errors: not JSON, too large, too deep, not an object.
[[nodiscard]] Result<QueryRead> read_query_body(std::string_view body);

}  // namespace tocsin::integrations

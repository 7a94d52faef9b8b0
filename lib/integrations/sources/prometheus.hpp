#pragma once
// Prometheus as a polled source: instant queries, and what their answers mean.

#include <string_view>
#include <vector>

#include "core/event.hpp"
#include "integrations/request.hpp"

namespace tocsin::integrations {

/// An instant query (Prometheus HTTP API, POST form of /api/v1/query) at `at`. `url` may carry a
/// path prefix (`/prometheus`, `/select/0/prometheus`). `timeout` is ours, for the whole exchange;
/// the server is told to give up a little earlier, so that it never computes for nobody.
[[nodiscard]] HttpRequest query_request(std::string_view url, std::string_view expression,
                                        Instant at, Duration timeout,
                                        std::vector<Header> headers = {});

/// Four answers stay apart: series (kind complete), none (complete, empty), partial, error.
/// Partial: `isPartial`, or any warning that is not a remark on the expression itself. `infos` are
/// fine. A scalar is one series without labels; a matrix or a string is an error; native histograms
/// are left out and said in `detail`; beyond limits::series_per_answer_max it is an error.
/// `source_answered` is false when the trouble is not this query's (not reached, 5xx, 401, 403,
/// 429, no API at that place). `source` is the caller's to fill. `detail` is one line of at most
/// 200 bytes of the peer's text.
[[nodiscard]] core::SourceAnswer read_query(const Answer& answer);

}  // namespace tocsin::integrations

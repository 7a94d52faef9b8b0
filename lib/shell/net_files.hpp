#pragma once
// The file side of the real Net: durable appends and lookups.

#include "integrations/request.hpp"

namespace tocsin::shell {

/// Appends the line and fsyncs: 200; 507 when the disk is full, 500 otherwise, naming the path. A
/// line that a crash cut short is ended first.
[[nodiscard]] integrations::Answer append_to_file(const integrations::FileAppend& request);

/// 200 when some line holds the text, 404 when none does or there is no file, else 500.
[[nodiscard]] integrations::Answer find_in_file(const integrations::FileFind& request);

}  // namespace tocsin::shell

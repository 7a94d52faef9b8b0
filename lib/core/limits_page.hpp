#pragma once
// The bounds of an incident's dossier, page and analysis; part of core/limits.hpp, include that.

#include <cstddef>

#include "base/time.hpp"

namespace tocsin::core::limits {

inline constexpr std::size_t dossier_rows_max = 1'000;        // of each kind, the newest ones
inline constexpr std::size_t dossier_bytes_max = 64UL << 20;  // of the rows of each kind
inline constexpr std::size_t analysis_rows_max = 20'000;      // the entire timeline, a long flap
inline constexpr Duration link_void_after = hours(24);        // after the episode's end
inline constexpr std::size_t link_key_bytes_max = 512;  // a name in base64, an episode, a code
inline constexpr std::size_t page_form_bytes_max = 256UL << 10;  // a note, percent-encoded
inline constexpr std::size_t form_fields_max = 16;
inline constexpr std::size_t page_entries_max = 200;  // of the timeline, the newest: it is a phone
inline constexpr std::size_t page_text_bytes_max = 4 * 1024;  // of one entry
inline constexpr std::size_t page_title_bytes_max = 512;
inline constexpr std::size_t plot_lines_max = 6;
inline constexpr std::size_t slug_bytes_max = 60;  // of an analysis' file name
inline constexpr std::size_t guests_max = 50;      // of the analysis meeting

}  // namespace tocsin::core::limits

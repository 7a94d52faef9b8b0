#pragma once
// The house rules as functions from a source file to the places where it breaks them.

#include <string>
#include <vector>

#include "support/source_text.hpp"

namespace tocsin::support {

/// One sentence each: `path:line: what is wrong; what to do instead`.
using Problems = std::vector<std::string>;

/// Includes point downward only, and are written from lib/.
[[nodiscard]] Problems layer_problems(const SourceFile& file);
/// Heavy headers stand in .cpp files only.
[[nodiscard]] Problems heavy_header_problems(const SourceFile& file);
/// ... and in few of them: each costs seconds of build time per file.
[[nodiscard]] Problems heavy_header_counts(const std::vector<SourceFile>& files);
/// Words that must not stand in code, each with its replacement.
[[nodiscard]] Problems ban_problems(const SourceFile& file);
/// Files of at most 400 lines, headers 150, lines of at most 100 columns.
[[nodiscard]] Problems length_problems(const SourceFile& file);
/// Functions of at most 70 lines.
[[nodiscard]] Problems function_problems(const SourceFile& file);
/// The first line says what the file is for.
[[nodiscard]] Problems purpose_problems(const SourceFile& file);
/// Nothing is left for later.
[[nodiscard]] Problems marker_problems(const SourceFile& file);
/// No object outside a function or type can change, nor one that a function keeps.
[[nodiscard]] Problems global_problems(const SourceFile& file);

[[nodiscard]] std::size_t test_cases_in(const SourceFile& file);

}  // namespace tocsin::support

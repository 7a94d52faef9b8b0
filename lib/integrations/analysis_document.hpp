#pragma once
// The content of an analysis as a list of blocks, which each form then writes in its own way.

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "integrations/dossier.hpp"

namespace tocsin::integrations {

struct AnalysisBlock {
    enum class Kind : std::uint8_t {
        title,
        section,
        paragraph,
        fact,    // `name`, `text`
        link,    // `name`, `text` is the address
        entry,   // `at`, `by`, `name` (what), `text`
        answer,  // left for people to fill in; `text` says what belongs there
    };
    Kind kind = Kind::paragraph;
    std::string name;
    std::string text;
    Instant at;
    std::string by;
};

[[nodiscard]] std::vector<AnalysisBlock> analysis_document(const Dossier& dossier,
                                                           const Measure& measure);

}  // namespace tocsin::integrations

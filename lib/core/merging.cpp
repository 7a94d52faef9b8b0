// One incident out of two, and a second life for one.
#include "core/merging.hpp"

namespace tocsin::core {

void merge(Draft& draft, Incident&, const std::string&, const Merge&) {
    draft.refuse("conflict", "merge is not there yet");
}

void reopen_by_hand(Draft& draft, Incident&, const std::string&, const Reopen&) {
    draft.refuse("conflict", "reopen is not there yet");
}

}  // namespace tocsin::core

#pragma once

// The instructions that definitions of flags and of segments share. Pure.

#include <string>

#include "common/json/reader.hpp"
#include "control-plane/body/edited_tree.hpp"

namespace fanion::cp::items {

// Sets the member that has the same name in the instruction. `member` must outlive the reader.
void set_text(json::Reader& r, body::EditedTree& definition, const char* member);

// The same for a boolean.
void set_switch(json::Reader& r, body::EditedTree& definition, const char* member);

// Of the list `tags`; those that are there, or not there, already are left alone.
void add_tags(json::Reader& r, body::EditedTree& definition);
void remove_tags(json::Reader& r, body::EditedTree& definition);

void archive(json::Reader& r, body::EditedTree& definition);
void restore(json::Reader& r, body::EditedTree& definition);

}  // namespace fanion::cp::items

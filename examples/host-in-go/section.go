package main

import (
	"encoding/json"
	"fmt"

	"github.com/tetratelabs/wazero"
)

// meteringVersion is the version of the section that this host reads.
const meteringVersion = 4

// metering is the custom section cc_lb.metering (KP-1).
type metering struct {
	Version                                        int
	ImportModule                                   string
	Globals                                        map[string]string
	Start                                          string
	Types                                          []functionType
	Imports, Exports                               []declaration
	InitialPages, InitialEntries, InitialHeapBytes float64
}

// functionType has types by their names in the text format.
type functionType struct{ Params, Results []string }

// declaration is an imported or exported function. Type is an index into the types of the section.
type declaration struct {
	Module, Name string
	Type         int
}

// readMetering finds the section in a prepared module.
func readMetering(module wazero.CompiledModule) (info metering, err error) {
	for _, section := range module.CustomSections() {
		if section.Name() == "cc_lb.metering" {
			err = json.Unmarshal(section.Data(), &info)
		}
	}
	if err == nil && info.Version != meteringVersion {
		err = fmt.Errorf("the section cc_lb.metering has version %d, not %d", info.Version, meteringVersion)
	}
	return info, err
}

// exported is the type of a function that the original exports.
func (info *metering) exported(name string) (functionType, bool) {
	for _, each := range info.Exports {
		if each.Name == name {
			return info.Types[each.Type], true
		}
	}
	return functionType{}, false
}

//! Where there is no graphics processor, there is no matrix on one.

use crate::block::BlockType;
use burn::tensor::{Device, Int, Tensor};
use std::ops::Range;

/// Blocks on a graphics processor: none.
#[derive(Clone)]
pub(super) enum Words {}

impl Words {
    pub(super) fn new(_: BlockType, _: &[u8], _: [usize; 2], _: &Device) -> Option<Self> {
        None
    }

    pub(super) fn are_kept_on(_: &Device) -> bool {
        false
    }

    pub(super) fn is_on(&self, _: &Device) -> bool {
        match *self {}
    }

    pub(super) fn bytes(&self) -> usize {
        match *self {}
    }

    pub(super) fn columns(parts: &[(&Self, Range<usize>)]) -> Tensor<2> {
        match parts.first() {
            Some((words, _)) => match **words {},
            None => Tensor::empty([0, 0], &Device::default()),
        }
    }

    pub(super) fn rows(&self, _: Tensor<1, Int>) -> Tensor<2> {
        match *self {}
    }

    pub(super) fn product(_: &[&Self], _: &Tensor<2>) -> Option<Tensor<2>> {
        None
    }
}

/** The networks that a run can choose from. */
export const BACKBONES = ['efficientnet-lite0', 'nasnet-mobile'] as const;
export type BackboneName = (typeof BACKBONES)[number];
